import type * as fileSystems from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

type FileSystem = typeof fileSystems;

const forever = new Promise<never>(() => undefined);

/** The file system, which can stop or fail at any step that a program asks of it. */
class InterruptedDisk {
  /** What was asked of it so far. */
  readonly steps: string[] = [];
  /** How to close what is open. */
  readonly #open = new Map<FileHandle, () => Promise<void>>();
  #crash: { readonly step: number; readonly happened: () => void } | undefined;
  #failure: { readonly isAt: (step: string) => boolean; readonly error: Error } | undefined;
  #hasCrashed = false;

  /** From the `step`th step on nothing is done any more, as when the process is killed; resolves then. */
  crashAt(step: number): Promise<void> {
    return new Promise((resolve) => {
      this.#crash = { step, happened: resolve };
    });
  }

  /** Lets the `step`th step fail, or all of that name. */
  failAt(step: number | string, error: Error): void {
    const isAt = (name: string) =>
      typeof step === 'number' ? this.steps.length === step : name === step;
    this.#failure = { isAt, error };
  }

  /** Works again, as for the next process. */
  async restart(): Promise<void> {
    for (const close of this.#open.values()) await close();
    this.#open.clear();
    this.steps.length = 0;
    this.#crash = undefined;
    this.#failure = undefined;
    this.#hasCrashed = false;
  }

  /** What a program gets instead of the real `fileSystem`. */
  replace(fileSystem: FileSystem): object {
    const { mkdir, open, readFile, rename, rm } = fileSystem;
    return {
      ...fileSystem,
      mkdir: (...args: Parameters<typeof mkdir>) => this.#step('mkdir', () => mkdir(...args)),
      rm: (...args: Parameters<typeof rm>) => this.#step('rm', () => rm(...args)),
      rename: (...args: Parameters<typeof rename>) => this.#step('rename', () => rename(...args)),
      readFile: (...args: Parameters<typeof readFile>) =>
        this.#step('readFile', () => readFile(...args)),
      open: (...args: Parameters<typeof open>) =>
        this.#step('open', async () => this.#watch(await open(...args))),
    };
  }

  #watch(file: FileHandle): FileHandle {
    const writeFile = file.writeFile.bind(file);
    const sync = file.sync.bind(file);
    const close = file.close.bind(file);
    this.#open.set(file, close);
    file.writeFile = (data: string) =>
      this.#step(
        'writeFile',
        () => writeFile(data),
        () => writeFile(data.slice(0, data.length / 2)),
      );
    file.sync = () => this.#step('sync', () => sync());
    file.close = () => {
      return this.#step('close', () => {
        this.#open.delete(file);
        return close();
      });
    };
    return file;
  }

  async #step<T>(name: string, act: () => Promise<T>, half?: () => Promise<unknown>): Promise<T> {
    if (this.#hasCrashed) return forever;
    this.steps.push(name);
    if (this.#failure?.isAt(name)) {
      await half?.();
      throw this.#failure.error;
    }
    if (this.#crash?.step !== this.steps.length) return act();
    this.#hasCrashed = true;
    await half?.();
    this.#crash.happened();
    return forever;
  }
}

/** The one that `vi.mock` puts in place of `node:fs/promises`, in the test files that do so. */
export const disk = new InterruptedDisk();
