// Dialogues written in Markdown: the form is described in transcripts/README.md.

/** A line of a dialogue. */
export interface Turn {
  /** `client` and `server` speak, `message` is what the application is handed, `event` is none of the three. */
  readonly kind: 'client' | 'server' | 'message' | 'event';
  /** Octets, of a client's or a message's line with its CRLF; of a server's line the text to match, without. */
  readonly octets: Buffer;
  /** Where it stands in the file, from 1. */
  readonly line: number;
}

export interface TranscriptDialogue {
  /** The heading that it stands under. */
  readonly title: string;
  /** Name and value of each setting, in their order. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly turns: readonly Turn[];
}

const KINDS: Readonly<Record<string, Turn['kind']>> = { C: 'client', S: 'server', M: 'message', '*': 'event' };
const CRLF = '\r\n';

/** @throws Error where the file is not of the form. */
export function readTranscript(markdown: string): TranscriptDialogue[] {
  const dialogues: TranscriptDialogue[] = [];
  let title = '';
  let settings: TranscriptDialogue['settings'] = [];
  for (const { fence, heading, lines, from } of blocksOf(markdown)) {
    if (heading !== undefined) {
      title = heading;
      settings = [];
    } else if (fence === 'settings') {
      settings = lines.map(readSetting);
    } else if (fence === 'smtp') {
      dialogues.push({ title, settings, turns: lines.map((line, index) => readTurn(line, from + index)) });
    } else {
      throw new Error(`Line ${from - 1}: a block is either settings or smtp`);
    }
  }
  return dialogues;
}

interface Block {
  readonly heading?: string;
  readonly fence?: string;
  readonly lines: readonly string[];
  readonly from: number;
}

/** Headings and fenced blocks; the prose between them is for people. */
function* blocksOf(markdown: string): Generator<Block> {
  const lines = markdown.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const heading = /^#+ (.+)$/.exec(lines[index]!)?.[1];
    if (heading !== undefined) yield { heading, lines: [], from: index + 1 };
    const fence = /^```(.*)$/.exec(lines[index]!)?.[1];
    if (fence === undefined) continue;
    const end = lines.indexOf('```', index + 1);
    if (end === -1) throw new Error(`Line ${index + 1}: the block has no end`);
    yield { fence, lines: lines.slice(index + 1, end), from: index + 2 };
    index = end;
  }
}

function readSetting(line: string): [string, string] {
  const match = /^([a-z-]+): (.+)$/.exec(line);
  if (match === null) throw new Error(`Not a setting: ${line}`);
  return [match[1]!, match[2]!];
}

function readTurn(text: string, line: number): Turn {
  const match = /^([CSM*])([:\\])(?: (.*))?$/.exec(text);
  if (match === null) throw new Error(`Line ${line} is no turn: ${text}`);
  const [, who, how, said = ''] = match;
  const kind = KINDS[who!]!;
  if (how === '\\') return { kind, octets: unescape(said), line };
  return { kind, octets: Buffer.from(kind === 'client' || kind === 'message' ? said + CRLF : said), line };
}

const ESCAPES: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '0': '\0', '\\': '\\' };

function unescape(text: string): Buffer {
  const latin1 = Buffer.from(text, 'utf8').toString('latin1');
  const octets = latin1.replace(/\\(?:x([\da-f]{2})|(.?))/gi, (whole, hex: string | undefined, name: string) => {
    const octet = hex === undefined ? ESCAPES[name] : String.fromCharCode(Number.parseInt(hex, 16));
    if (octet === undefined) throw new Error(`Not an escape: ${whole}`);
    return octet;
  });
  return Buffer.from(octets, 'latin1');
}
