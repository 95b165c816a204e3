// Contents of messages made by hand, of which a test names only what it is about.
import {
  matchesPattern,
  type Address,
  type Attachment,
  type LinkFilter,
  type Message,
  type Part,
  type Pattern,
} from '@mailrig/fixture';

export interface ContentParts extends Partial<Pick<Message, 'subject' | 'text' | 'html' | 'parseProblem' | 'raw'>> {
  /** By lower-case name. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  readonly addresses?: Readonly<Record<string, readonly Address[]>>;
  readonly links?: readonly { readonly url: string; readonly label: string }[];
  readonly parts?: readonly Partial<Part>[];
  readonly attachments?: readonly Partial<Attachment>[];
}

/** The subject `Hello` and nothing else. */
export function newContent({ fields = {}, addresses = {}, links = [], ...parts }: ContentParts): Partial<Message> {
  return {
    subject: 'Hello',
    text: undefined,
    html: undefined,
    parseProblem: null,
    headerValues: (name) => fields[name.toLowerCase()] ?? [],
    addresses: (name) => addresses[name.toLowerCase()] ?? [],
    links: (filter) => {
      const { url, label } = filter as FullFilter;
      return links
        .filter((link) => matchesPattern(url, link.url) && matchesPattern(label, link.label))
        .map((link) => link.url);
    },
    ...parts,
    parts: (parts.parts ?? []).map(newPart),
    attachments: (parts.attachments ?? []).map(newAttachment),
  };
}

function newPart(part: Partial<Part>): Part {
  return {
    contentType: 'text/plain',
    charset: undefined,
    encoding: '7bit',
    disposition: undefined,
    filename: undefined,
    contentId: undefined,
    text: '',
    ...part,
  } as Part;
}

function newAttachment(attachment: Partial<Attachment>): Attachment {
  return {
    filename: undefined,
    contentType: 'application/octet-stream',
    content: Buffer.alloc(0),
    inline: false,
    contentId: undefined,
    ...attachment,
  };
}

/** Asked about both, the address first. */
type FullFilter = Required<Exclude<LinkFilter, Pattern>>;
