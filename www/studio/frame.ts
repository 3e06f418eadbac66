// The page in its frame: loads it, fits it to a device's width, keeps its scroll position over a reload.

import type { LinkMessage, PageMessage } from "../tag/message.ts";
import type { StudioState } from "./state.ts";

/** CSS pixels. The desktop grows with the window. */
const WIDTHS: Record<StudioState["device"], number> = { desktop: 1240, tablet: 820, phone: 390 };
/** How long a page may take to answer after it has loaded. */
const ANSWER_MS = 4000;

export interface FrameEvents {
  onAnswer(message: PageMessage): void;
  onSilence(): void;
  onLink(page: string): void;
}

export class Frame {
  readonly #frame: HTMLIFrameElement;
  readonly #canvas: HTMLElement;
  readonly #sheet: HTMLElement;
  #device: StudioState["device"] = "desktop";
  #path = "";
  #timer: number | undefined;
  #answered = false;
  #scrollTop = 0;

  constructor(frame: HTMLIFrameElement, canvas: HTMLElement, sheet: HTMLElement, events: FrameEvents) {
    this.#frame = frame;
    this.#canvas = canvas;
    this.#sheet = sheet;
    new ResizeObserver(() => this.#fit()).observe(canvas);
    window.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (event.source !== frame.contentWindow || event.origin !== location.origin) return;
      if (isLink(event.data)) return events.onLink(event.data.nameplateLink);
      if (!isAnswer(event.data)) return;
      this.#answered = true;
      this.#frame.contentWindow?.scrollTo(0, this.#scrollTop);
      events.onAnswer(event.data);
    });
    frame.addEventListener("load", () => {
      window.clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => {
        if (!this.#answered && this.#path !== "") events.onSilence();
      }, ANSWER_MS);
    });
  }

  /** Loads the page. Replaces the frame's entry, so that "back" leads through the studio's own states. */
  load(url: string): void {
    const path = url.split("?", 1)[0] ?? "";
    this.#scrollTop = path === this.#path ? (this.#frame.contentWindow?.scrollY ?? 0) : 0;
    this.#path = path;
    this.#answered = false;
    this.#frame.contentWindow?.location.replace(url);
  }

  setDevice(device: StudioState["device"]): void {
    this.#device = device;
    this.#canvas.dataset["device"] = device;
    this.#fit();
  }

  get element(): HTMLIFrameElement {
    return this.#frame;
  }

  /** The page's document, or `null` while it is elsewhere. */
  get document(): Document | null {
    try {
      return this.#frame.contentDocument;
    } catch {
      return null;
    }
  }

  /** Scales the sheet down when the device is wider than the room, so that the page lays out as on the device. */
  #fit(): void {
    const style = getComputedStyle(this.#canvas);
    const room = this.#canvas.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
    const height = this.#canvas.clientHeight - Number.parseFloat(style.paddingTop) - Number.parseFloat(style.paddingBottom);
    if (room <= 0 || height <= 0) return;
    const least = WIDTHS[this.#device];
    const width = this.#device === "desktop" ? Math.max(least, room) : least;
    const scale = Math.min(1, room / width);
    this.#sheet.style.width = `${width}px`;
    this.#sheet.style.height = `${height / scale}px`;
    this.#sheet.style.transform = scale === 1 ? "" : `scale(${scale})`;
    this.#sheet.style.marginInlineStart = `${Math.max(0, (room - width * scale) / 2)}px`;
  }
}

function isAnswer(data: unknown): data is PageMessage {
  return typeof data === "object" && data !== null && "nameplate" in data && "visit" in data;
}

function isLink(data: unknown): data is LinkMessage {
  return typeof data === "object" && data !== null && "nameplateLink" in data && typeof data.nameplateLink === "string";
}
