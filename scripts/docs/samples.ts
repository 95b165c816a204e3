// The samples of a Markdown file: its fenced blocks of TypeScript and JavaScript.

export interface Sample {
  readonly language: 'ts' | 'js';
  /** Whether it is compiled, but not run: the fence says `ts no-run`. */
  readonly compileOnly: boolean;
  /** The line of its fence, from 1. */
  readonly line: number;
  readonly code: string;
}

/** @throws Error for a fence that is left open or says something else; it names the line. */
export function samplesOf(markdown: string): readonly Sample[] {
  const lines = markdown.split('\n');
  const samples: Sample[] = [];
  for (let start = 0; start < lines.length; start++) {
    const [, indent = '', marks, language, words] = /^( *)(`{3,})(\w*) *(.*)$/.exec(lines[start] ?? '') ?? [];
    if (marks === undefined) continue;
    const line = start + 1;
    const end = lines.findIndex((text, index) => index > start && text.trim() === marks);
    if (end === -1) throw new Error(`The fence of line ${line} is left open`);
    if (language === 'ts' || language === 'js') {
      if (words !== '' && words !== 'no-run') throw new Error(`Line ${line}: unknown word "${words}"`);
      const compileOnly = words === 'no-run';
      if (compileOnly && language === 'js') throw new Error(`Line ${line}: only ts can be compiled without being run`);
      const code = lines.slice(line, end).map((text) => text.slice(indent.length));
      samples.push({ language, compileOnly, line, code: code.join('\n') });
    }
    start = end;
  }
  return samples;
}
