import { crc32, deflateRawSync } from 'node:zlib';

export interface ZippedFile {
  /** Path inside the archive, with `/`. */
  readonly name: string;
  readonly content: Buffer;
}

// Sizes and offsets of the format of 1989 are 32 bits; what we deploy is a few megabytes.
const MAX_BYTES = 0xff_ff_ff_ff;
const VERSION = 20;
const DEFLATED = 8;
// 1 January 1980, the earliest moment that the format knows: the same content gives the same bytes on any day.
const DOS_TIME = 0;
const DOS_DATE = 0x00_21;
// A plain file that everybody may read, made on Unix; without it, some unpackers let nobody read it.
const MADE_BY_UNIX = 3 << 8;
const FILE_MODE = 0o100_644;

/** A ZIP archive of the files, in the order of their names. It depends on nothing but names and contents. */
export function zipArchive(files: readonly ZippedFile[]): Buffer {
  const entries = files.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(toEntry);
  const offsets = entries.map((_, index) => bytesOf(entries.slice(0, index)));
  const directory = entries.map((entry, index) => centralHeader(entry, offsets[index] ?? 0));
  const local = entries.flatMap(({ header, data }) => [header, data]);
  const archive = Buffer.concat([...local, ...directory, endRecord(directory, bytesOf(entries))]);
  if (archive.length > MAX_BYTES) throw new Error(`The archive has ${archive.length} bytes: too many for this format.`);
  return archive;
}

interface Entry {
  readonly name: Buffer;
  /** What both headers of a file have in common, from the version to the lengths. */
  readonly shared: Buffer;
  readonly header: Buffer;
  readonly data: Buffer;
}

function toEntry({ name, content }: ZippedFile): Entry {
  const encoded = Buffer.from(name, 'utf8');
  const data = deflateRawSync(content, { level: 9 });
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(VERSION, 0);
  shared.writeUInt16LE(DEFLATED, 4);
  shared.writeUInt16LE(DOS_TIME, 6);
  shared.writeUInt16LE(DOS_DATE, 8);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(data.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(encoded.length, 22);
  return { name: encoded, shared, data, header: Buffer.concat([signature(0x04_03_4b_50), shared, encoded]) };
}

function centralHeader({ name, shared }: Entry, offset: number): Buffer {
  const madeBy = Buffer.alloc(2);
  madeBy.writeUInt16LE(MADE_BY_UNIX | VERSION, 0);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((FILE_MODE << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([signature(0x02_01_4b_50), madeBy, shared, rest, name]);
}

function endRecord(directory: readonly Buffer[], offset: number): Buffer {
  const record = Buffer.alloc(18);
  record.writeUInt16LE(directory.length, 4);
  record.writeUInt16LE(directory.length, 6);
  record.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    8,
  );
  record.writeUInt32LE(offset, 12);
  return Buffer.concat([signature(0x06_05_4b_50), record]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

function bytesOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { header, data }) => sum + header.length + data.length, 0);
}
