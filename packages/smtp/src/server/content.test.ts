import { describe, expect, test } from 'vitest';
import { RecordingSink } from '../testing/memory-dialogue.ts';
import * as replies from '../wire/replies.ts';
import { Content } from './content.ts';
import type { BodySink, Transfer } from './handler.ts';

interface Begun {
  readonly content: Content;
  readonly resume: () => void;
  /** How often the content was told that more is wanted. */
  readonly resumed: () => number;
}

function contentFor(sink: BodySink): Begun {
  let resume!: () => void;
  let resumes = 0;
  const content = new Content({ body: (toResume) => ((resume = toResume), sink) }, 'DATA', () => void resumes++);
  return { content, resume: () => resume(), resumed: () => resumes };
}

const piece = Buffer.from('piece');

describe('the content', () => {
  test.each<Transfer>(['DATA', 'BDAT'])('is begun once, and told how it comes: with %s', (transfer) => {
    const told: Transfer[] = [];
    const sink = new RecordingSink();
    const content = new Content({ body: (_resume, how) => (told.push(how), sink) }, transfer, () => {});
    expect(told).toEqual([transfer]);
    expect(content.sink).toBe(sink);
  });

  test('goes to the sink as it comes', () => {
    const pieces: Buffer[] = [];
    const { content } = contentFor({
      write: (octets) => void pieces.push(octets),
      end: () => undefined,
      abort: () => {},
    });
    content.write(piece);
    expect(pieces[0]).toBe(piece);
    expect(content.paused).toBe(false);
  });

  test('may be paused before anything has come, and goes on', () => {
    const sink = Object.assign(new RecordingSink(), { paused: true });
    const { content, resume, resumed } = contentFor(sink);
    expect(content.paused).toBe(true);
    resume();
    expect([content.paused, resumed()]).toEqual([false, 1]);
  });

  test('that nobody wants is thrown away, and has no answer', () => {
    const content = new Content({}, 'DATA', () => {});
    content.write(piece);
    expect([content.sink, content.paused, content.end([], 5)]).toEqual([null, false, undefined]);
    expect(() => content.abort()).not.toThrow();
  });

  test('ends with the recipients and the size, and the sink’s answer', () => {
    const asked: unknown[] = [];
    const { content } = contentFor(
      new RecordingSink((recipients, size) => (asked.push([recipients, size]), replies.ok)),
    );
    const recipients = [{ forwardPath: { address: 'bob', localPart: 'bob', domain: '' }, parameters: {} }];
    expect(content.end(recipients, 5)).toBe(replies.ok);
    expect(asked).toEqual([[recipients, 5]]);
  });
});

describe('a pause', () => {
  test('is what a write that gives false asks for, until it is resumed', () => {
    const sink = new RecordingSink();
    const { content, resume, resumed } = contentFor(sink);
    sink.accepting = false;
    content.write(piece);
    expect(content.paused).toBe(true);
    sink.accepting = true;
    content.write(piece);
    expect(content.paused).toBe(true);
    resume();
    expect([content.paused, resumed()]).toEqual([false, 1]);
  });

  test.each([true, undefined])('is not what one that gives %s asks for', (given) => {
    const { content } = contentFor({ write: () => given, end: () => undefined, abort: () => {} });
    content.write(piece);
    expect(content.paused).toBe(false);
  });

  test('does not begin where the sink went on before its write returned', () => {
    const write = (): boolean => {
      resume();
      return false;
    };
    const { content, resume, resumed } = contentFor({ write, end: () => undefined, abort: () => {} });
    content.write(piece);
    expect([content.paused, resumed()]).toEqual([false, 1]);
  });

  test('may begin again and again', () => {
    const sink = new RecordingSink();
    const { content, resume, resumed } = contentFor(sink);
    sink.accepting = false;
    for (let count = 1; count <= 3; count++) {
      content.write(piece);
      expect(content.paused).toBe(true);
      resume();
      expect([content.paused, resumed()]).toEqual([false, count]);
    }
  });

  test('that is over need not be ended', () => {
    const { content, resume, resumed } = contentFor(new RecordingSink());
    resume();
    resume();
    expect([content.paused, resumed()]).toEqual([false, 2]);
  });
});

describe('abort()', () => {
  test('is told to the sink once', () => {
    const sink = new RecordingSink();
    const { content } = contentFor(sink);
    content.write(piece);
    content.abort();
    content.abort();
    expect(sink.events).toEqual(['piece', 'abort']);
  });

  test('is not told after the end', () => {
    const sink = new RecordingSink();
    const { content } = contentFor(sink);
    void content.end([], 0);
    content.abort();
    expect(sink.events).toEqual(['end']);
  });

  test('is not told after an end that threw', () => {
    const sink = new RecordingSink(() => {
      throw new Error('Broken');
    });
    const { content } = contentFor(sink);
    expect(() => content.end([], 0)).toThrow('Broken');
    content.abort();
    expect(sink.events).toEqual(['end']);
  });
});
