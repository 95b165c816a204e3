// A dialogue that tells since when it is stalled.
import { Dialogue } from '../../server/dialogue.ts';

export class PlayedDialogue extends Dialogue {
  /** Nothing may be asked any more, and no sink has anything to wait for. */
  stalling = false;
  /** What had been said before is written. */
  stalled = false;

  override stall(): void {
    this.stalling = true;
    super.stall();
    this.stalled = true;
  }
}
