// Search for an account by name: the combobox pattern of the ARIA practices, with the list as a popup.
//
// Arrows move, Enter takes, Escape closes and puts back what was chosen; an emptied field means no account.

import type { AccountEntry } from "../src/types.ts";
import { element } from "./dom.ts";

const SHOWN_MAX = 60;

export interface Combobox {
  setAccounts(accounts: AccountEntry[]): void;
  setValue(id: string): void;
}

export function accountCombobox(
  input: HTMLInputElement,
  list: HTMLElement,
  clear: HTMLElement,
  onPick: (id: string) => void,
): Combobox {
  let accounts: Entry[] = [];
  let chosen = "";
  let active = -1;
  let shown: Entry[] = [];

  function nameOf(id: string): string {
    return accounts.find(({ account }) => account.id === id)?.account.name ?? id;
  }

  function close(): void {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function open(text: string): void {
    const found = search(accounts, text);
    shown = found.slice(0, SHOWN_MAX);
    const rest = found.length - shown.length;
    list.replaceChildren(
      ...shown.map((entry, index) => option(entry.account, index, entry.account.id === chosen)),
      ...(shown.length === 0 ? [note("No account has this name")] : []),
      ...(rest > 0 ? [note(`${rest} more: type to narrow the list`)] : []),
    );
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    move(text.trim() === "" ? shown.findIndex(({ account }) => account.id === chosen) : shown.length > 0 ? 0 : -1);
  }

  function move(to: number): void {
    active = to;
    list.querySelectorAll("[role=option]").forEach((item, index) => item.classList.toggle("active", index === active));
    const item = active < 0 ? null : list.querySelector<HTMLElement>(`#account-option-${active}`);
    if (item === null) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", item.id);
    item?.scrollIntoView({ block: "nearest" });
  }

  function pick(id: string): void {
    close();
    setValue(id);
    // The next letters begin another search.
    if (document.activeElement === input) input.select();
    onPick(id);
  }

  function setValue(id: string): void {
    chosen = id;
    input.value = id === "" ? "" : nameOf(id);
    clear.hidden = id === "";
  }

  input.addEventListener("input", () => open(input.value));
  // Pressing, not clicking: after a click on selected text the browser drops the selection once the handlers are through.
  input.addEventListener("mousedown", (event) => {
    if (!list.hidden || event.button !== 0) return;
    event.preventDefault();
    input.focus();
    input.select();
    open("");
  });
  input.addEventListener("blur", () => {
    if (input.value.trim() === "" && chosen !== "") pick("");
    else setValue(chosen);
    close();
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (list.hidden) open("");
      else if (shown.length > 0) move((active + step + shown.length + (active < 0 && step < 0 ? 1 : 0)) % shown.length);
    } else if (event.key === "Home" || event.key === "End") {
      if (!list.hidden && shown.length > 0 && event.ctrlKey) move(event.key === "Home" ? 0 : shown.length - 1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!list.hidden && active >= 0) pick(shown[active]?.account.id ?? "");
      else if (input.value.trim() === "") pick("");
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      setValue(chosen);
      close();
    }
  });
  // Here too: the field would lose the focus first and close the list.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const item = event.target instanceof Element ? event.target.closest<HTMLElement>("[role=option]") : null;
    if (item !== null) pick(item.dataset["account"] ?? "");
  });
  clear.addEventListener("click", () => {
    pick("");
    input.focus();
  });

  return {
    setAccounts(next) {
      accounts = next.map((account) => ({ account, words: fold(`${account.name} ${account.shortName ?? ""} ${account.id}`) }));
      if (document.activeElement !== input) setValue(chosen);
    },
    setValue,
  };
}

interface Entry {
  account: AccountEntry;
  words: string;
}

/** Names that begin with the text first, then those with a word that does, then those that hold it anywhere. */
function search(entries: Entry[], text: string): Entry[] {
  const wanted = fold(text).trim();
  if (wanted === "") return entries;
  const ranked = entries.flatMap((entry) => {
    const at = entry.words.indexOf(wanted);
    if (at < 0) return [];
    return [{ entry, rank: at === 0 ? 0 : entry.words.includes(` ${wanted}`) ? 1 : 2 }];
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ entry }) => entry);
}

/** Without case and accents: `nestle` finds Nestlé. */
function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function option(account: AccountEntry, index: number, selected: boolean): HTMLElement {
  const facts = [account.industry, account.country, account.tier === null ? null : `Tier ${account.tier}`, account.stage];
  return element(
    "li",
    {
      id: `account-option-${index}`,
      role: "option",
      "aria-selected": String(selected),
      "data-account": account.id,
      "data-testid": `account-option-${account.id}`,
    },
    element("span", { class: "option-name" }, account.name),
    element("span", { class: "option-facts" }, facts.filter((fact) => fact != null).join(" · ")),
  );
}

function note(text: string): HTMLElement {
  return element("li", { class: "option-note", role: "presentation" }, text);
}
