// Outlines around elements of the page, drawn in the studio above the frame: the page itself is not touched, so neither
// its layout nor its own scripts can tell.

import { element } from "./dom.ts";

export interface Mark {
  selector: string;
  label: string;
}

export class Marks {
  readonly #layer: HTMLElement;
  readonly #pageDocument: () => Document | null;
  #marks: Mark[] = [];
  #focus: string | null = null;
  #hovered: Mark | null = null;
  #running = false;

  constructor(layer: HTMLElement, pageDocument: () => Document | null) {
    this.#layer = layer;
    this.#pageDocument = pageDocument;
  }

  /** Outlines that stay; an empty list takes them away. */
  setAll(marks: Mark[]): void {
    this.#marks = marks;
    this.#run();
  }

  /** The one outline of the slot under the pointer, or none. */
  setHovered(mark: Mark | null): void {
    this.#hovered = mark;
    this.#focus = mark?.label ?? null;
    this.#run();
  }

  scrollTo(selector: string): void {
    this.#find(selector)[0]?.scrollIntoView({ block: "center", behavior: "smooth" });
  }

  count(selector: string): number {
    return this.#find(selector).length;
  }

  #find(selector: string): Element[] {
    try {
      return [...(this.#pageDocument()?.querySelectorAll(selector) ?? [])];
    } catch {
      return [];
    }
  }

  /** Follows scrolling and layout frame by frame, only while there is something to draw. */
  #run(): void {
    if (this.#running) return;
    const draw = (): void => {
      const marks = this.#hovered === null ? this.#marks : [...this.#marks.filter(({ label }) => label !== this.#focus), this.#hovered];
      this.#draw(marks);
      this.#running = marks.length > 0;
      if (this.#running) requestAnimationFrame(draw);
    };
    this.#running = true;
    requestAnimationFrame(draw);
  }

  #draw(marks: Mark[]): void {
    const boxes = marks.flatMap(({ selector, label }) => this.#find(selector).map((target) => ({ label, rect: target.getBoundingClientRect() })));
    while (this.#layer.children.length > boxes.length) this.#layer.lastElementChild?.remove();
    boxes.forEach(({ label, rect }, index) => {
      let box = this.#layer.children[index] as HTMLElement | undefined;
      if (box === undefined) {
        box = element("div", { class: "mark" }, element("span", { class: "mark-label" }));
        this.#layer.append(box);
      }
      box.dataset["label"] = label;
      box.classList.toggle("hovered", label === this.#focus);
      box.classList.toggle("low", rect.top < 26);
      if (box.firstElementChild !== null && box.firstElementChild.textContent !== label) box.firstElementChild.textContent = label;
      box.style.transform = `translate(${rect.left - 4}px, ${rect.top - 4}px)`;
      box.style.width = `${rect.width + 8}px`;
      box.style.height = `${rect.height + 8}px`;
    });
  }
}
