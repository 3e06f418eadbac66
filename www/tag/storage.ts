// First-party storage, only with consent. That it is full, blocked or holds what somebody else wrote is ordinary: then nothing is
// remembered.

/** A change of what is kept is a change of this: what another version wrote is never read. */
const PREFIX = "nameplate:1:";
/** Characters of one value; what is longer is neither written nor read. */
const TEXT_MAX = 100_000;

export class Store {
  readonly #window: Window;
  readonly #isAllowed: () => boolean;

  constructor(window: Window, isAllowed: () => boolean) {
    this.#window = window;
    this.#isAllowed = isAllowed;
  }

  /** What was written under this name; anything at all may come back, or `null`. */
  read(name: string): unknown {
    return this.#use((storage) => {
      const text = storage.getItem(PREFIX + name);
      return text === null || text.length > TEXT_MAX ? null : JSON.parse(text);
    });
  }

  write(name: string, value: unknown): void {
    this.#use((storage) => {
      const text = JSON.stringify(value);
      if (text.length <= TEXT_MAX) storage.setItem(PREFIX + name, text);
    });
  }

  /** Forgets all, whether it is allowed to remember or not. */
  clear(): void {
    try {
      const { localStorage } = this.#window;
      for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
    } catch {
      // What cannot be reached holds nothing of us either.
    }
  }

  #use<T>(work: (storage: Storage) => T): T | null {
    if (!this.#isAllowed()) return null;
    try {
      // Merely asking for it throws where it is blocked.
      return work(this.#window.localStorage);
    } catch {
      return null;
    }
  }
}
