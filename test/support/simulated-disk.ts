import { constants } from 'node:fs';
import { dirname } from 'node:path';

/** The content of a file, or a folder. */
interface Inode {
  content: Buffer;
  synced: Buffer;
}

type Change =
  | {
      readonly kind: 'write';
      readonly inode: Inode;
      readonly position: number;
      readonly data: Buffer;
    }
  | { readonly kind: 'truncate'; readonly inode: Inode; readonly size: number }
  | { readonly kind: 'link'; readonly path: string; readonly inode: Inode }
  | { readonly kind: 'unlink'; readonly path: string };

/** Files and folders by path. */
export type DiskImage = ReadonlyMap<string, Buffer>;

/** A system call that is about to be made; a `Fault` decides how it ends. */
export interface DiskCall {
  readonly name: 'open' | 'create' | 'write' | 'read' | 'truncate' | 'sync' | 'unlink' | 'mkdir';
  readonly path: string;
}

/** The error code that a call fails with; `undefined` when it succeeds. */
export type Fault = (call: DiskCall) => string | undefined;

/** A disk in memory that knows what would be left after a power cut. */
export class SimulatedDisk {
  /** How many bytes fit on it. */
  capacity = Number.POSITIVE_INFINITY;
  fault: Fault = () => undefined;
  /** Called whenever something was changed, or made durable. */
  onChange: () => void = () => undefined;
  readonly calls: DiskCall[] = [];
  #names = new Map<string, Inode>();
  #syncedNames = new Map<string, Inode>();
  #pending: Change[] = [];
  #openFiles = 0;
  #power: symbol | undefined;

  constructor() {
    this.turnOn(new Map([['/data', Buffer.alloc(0)]]));
  }

  get openFiles(): number {
    return this.#openFiles;
  }

  /** The files that there are, with their content. */
  get files(): DiskImage {
    return imageOf(new Map([...this.#names].map(([path, { content }]) => [path, content])));
  }

  /** What is surely still there after a power cut. */
  get syncedFiles(): DiskImage {
    return imageOf(new Map([...this.#syncedNames].map(([path, { synced }]) => [path, synced])));
  }

  /** What may be there after a power cut: all that was synced, and any first part of the rest. */
  afterPowerCut(): DiskImage[] {
    const names = new Map([...this.#syncedNames]);
    const contents = new Map<Inode, Buffer>();
    const images: DiskImage[] = [];
    const take = (): void => {
      const files = new Map<string, Buffer>();
      for (const [path, inode] of names) files.set(path, contents.get(inode) ?? inode.synced);
      images.push(imageOf(files));
    };
    take();
    for (const change of this.#pending) {
      if (change.kind === 'link') names.set(change.path, change.inode);
      else if (change.kind === 'unlink') names.delete(change.path);
      else {
        const before = contents.get(change.inode) ?? change.inode.synced;
        for (const part of partsOf(change)) {
          contents.set(change.inode, applied(before, part));
          take();
        }
        contents.set(change.inode, applied(before, change));
      }
      take();
    }
    return images;
  }

  /** Nobody who uses the disk gets an answer any more. Resolves when all that was begun waits for one. */
  async turnOff(): Promise<void> {
    this.#power = undefined;
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  }

  /** The power is back after a cut that left `image`. Whoever used the disk before is never heard of again. */
  turnOn(image: DiskImage): void {
    this.#power = Symbol('power');
    this.#openFiles = 0;
    this.#pending = [];
    this.#names = new Map(
      [...image].map(([path, content]) => [path, { content, synced: content }]),
    );
    this.#syncedNames = new Map(this.#names);
  }

  /** What the code under test uses in place of `node:fs/promises`. */
  get fileSystem() {
    return {
      open: this.#open.bind(this),
      mkdir: this.#mkdir.bind(this),
      unlink: this.#unlink.bind(this),
      readdir: async (folder: string) => {
        await this.#call('open', folder);
        return [...this.#names.keys()]
          .filter((path) => dirname(path) === folder)
          .map((path) => path.slice(folder.length + 1));
      },
      readFile: async (path: string) => {
        await this.#call('read', path);
        return Buffer.from(this.#inode(path).content);
      },
      chmod: () => Promise.resolve(),
    };
  }

  async #mkdir(path: string): Promise<string | undefined> {
    await this.#call('mkdir', path);
    if (this.#names.has(path)) return undefined;
    const first = await this.#mkdir(dirname(path));
    this.#link(path);
    return first ?? path;
  }

  async #unlink(path: string): Promise<void> {
    await this.#call('unlink', path);
    this.#inode(path);
    this.#names.delete(path);
    this.#pending.push({ kind: 'unlink', path });
    this.onChange();
  }

  async #open(path: string, flags: number | string) {
    const bits = typeof flags === 'number' ? flags : constants.O_RDONLY;
    const isNew = (bits & constants.O_CREAT) !== 0;
    await this.#call(isNew ? 'create' : 'open', path);
    if (isNew && this.#names.has(path)) throw systemError('EEXIST');
    const inode = isNew ? this.#link(path) : this.#inode(path);
    this.#openFiles += 1;
    let isOpen = true;
    return {
      write: async (data: Buffer, from: number, length: number, position: number) => {
        await this.#call('write', path, () => {
          this.#write(inode, data.subarray(from, from + length), position);
        });
        const bytesWritten = this.#write(inode, data.subarray(from, from + length), position);
        if (bytesWritten === 0) throw systemError('ENOSPC');
        await this.#pass();
        if ((bits & constants.O_DSYNC) !== 0) this.#syncFile(inode);
        return { bytesWritten };
      },
      read: async (into: Buffer, from: number, length: number, position: number) => {
        await this.#call('read', path);
        const bytesRead = inode.content.copy(into, from, position, position + length);
        return { bytesRead };
      },
      truncate: async (size: number) => {
        await this.#call('truncate', path);
        this.#change({ kind: 'truncate', inode, size });
      },
      sync: async () => {
        await this.#call('sync', path);
        if (this.#isFolder(path)) this.#syncFolder(path);
        else this.#syncFile(inode);
      },
      datasync: async () => {
        await this.#call('sync', path);
        this.#syncFile(inode);
      },
      close: async () => {
        await this.#pass();
        if (isOpen) this.#openFiles -= 1;
        isOpen = false;
      },
    };
  }

  /** Lets others go first, and fails when it is to. A write that fails may have written all the same. */
  async #call(name: DiskCall['name'], path: string, doAnyway?: () => void): Promise<void> {
    await this.#pass();
    const call = { name, path };
    this.calls.push(call);
    const code = this.fault(call);
    if (code === undefined) return;
    if (code !== 'ENOSPC') doAnyway?.();
    throw systemError(code);
  }

  async #pass(): Promise<void> {
    const power = this.#power;
    await new Promise(setImmediate);
    if (power === undefined || power !== this.#power) await new Promise(() => undefined);
  }

  #write(inode: Inode, data: Buffer, position: number): number {
    let used = 0;
    for (const { content } of this.#names.values()) used += content.length;
    const growth = Math.max(0, this.capacity - used) + inode.content.length - position;
    const part = data.subarray(0, Math.max(0, Math.min(data.length, growth)));
    if (part.length > 0) this.#change({ kind: 'write', inode, position, data: Buffer.from(part) });
    return part.length;
  }

  #change(change: Change & { readonly inode: Inode; readonly kind: 'write' | 'truncate' }): void {
    change.inode.content = applied(change.inode.content, change);
    this.#pending.push(change);
    this.onChange();
  }

  #link(path: string): Inode {
    const inode = { content: Buffer.alloc(0), synced: Buffer.alloc(0) };
    this.#names.set(path, inode);
    this.#pending.push({ kind: 'link', path, inode });
    this.onChange();
    return inode;
  }

  #syncFile(inode: Inode): void {
    inode.synced = inode.content;
    this.#pending = this.#pending.filter(
      (change) => !('inode' in change) || change.kind === 'link' || change.inode !== inode,
    );
    this.onChange();
  }

  #syncFolder(folder: string): void {
    const isHere = (change: Change): boolean => 'path' in change && dirname(change.path) === folder;
    for (const change of this.#pending.filter(isHere)) {
      if (change.kind === 'link') this.#syncedNames.set(change.path, change.inode);
      if (change.kind === 'unlink') this.#syncedNames.delete(change.path);
    }
    this.#pending = this.#pending.filter((change) => !isHere(change));
    this.onChange();
  }

  #isFolder(path: string): boolean {
    return path === '/' || !path.endsWith('.log');
  }

  #inode(path: string): Inode {
    const inode =
      path === '/' ? { content: Buffer.alloc(0), synced: Buffer.alloc(0) } : this.#names.get(path);
    if (!inode) throw systemError('ENOENT');
    return inode;
  }
}

/** Leaves out what is in a folder that is not there. */
function imageOf(files: Map<string, Buffer>): DiskImage {
  const isThere = (path: string): boolean =>
    path === '/' || (files.has(path) && isThere(dirname(path)));
  return new Map([...files].filter(([path]) => isThere(path)));
}

type ContentChange = Extract<Change, { kind: 'write' | 'truncate' }>;

/** What may be on the disk of a change that was not completed. */
function partsOf(change: ContentChange): ContentChange[] {
  if (change.kind === 'truncate') return [];
  const { length } = change.data;
  const cuts = new Set([1, length >> 1, length - 1].filter((cut) => cut > 0 && cut < length));
  const firstParts = [...cuts].map((cut) => ({ ...change, data: change.data.subarray(0, cut) }));
  // Its size may be known before its content is.
  return [...firstParts, { ...change, data: Buffer.alloc(length) }];
}

function applied(content: Buffer, change: ContentChange): Buffer {
  if (change.kind === 'truncate') return content.subarray(0, change.size);
  const { position, data } = change;
  const size = Math.max(content.length, position + data.length);
  const changed = Buffer.alloc(size);
  content.copy(changed);
  data.copy(changed, position);
  return changed;
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
