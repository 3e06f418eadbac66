// Compiled, never run: the published types hold for a caller who writes what the README shows.

import { Nameplate, type Ad, type AppliedChange, type Decision, type Explanation, type LoadOptions, type SiteIndex, type Visit } from "nameplate";
import { parseClientAddress, personalise, type AddressPolicy, type EdgeOptions } from "nameplate/edge";
import { Database, type Found } from "nameplate/geo";
import { Slot, useSlot } from "nameplate/react";
import { signToken, type TokenOptions } from "nameplate/token";
import { start, type Diagnosis, type PageFacts, type Tag, type TagOptions } from "nameplate/tag";

export function tag(options: TagOptions): string {
  const tag: Tag = start(options);
  tag.push((same) => same.set({ role: "champion", visits: 2, plan: "pro" }));
  tag.consent({ storage: true });
  tag.track("signup", 12.5);
  const facts: PageFacts | null = tag.facts();
  // @ts-expect-error: there is no such purpose
  tag.consent({ everything: true });
  const { failure, applied, times }: Diagnosis = tag.diagnose();
  // @ts-expect-error: the account is the slice's
  tag.set({ account: "alder" });
  tag.stop();
  return failure?.cause ?? facts?.path ?? tag.decision()?.account?.name ?? `${applied[0]?.about} ${times.apply}`;
}

export function edge(bytes: Uint8Array): { fetch(request: Request, env: { bundle: Uint8Array }): Promise<Response> } {
  const options: EdgeOptions = { bundle: () => bytes, origin: (request) => fetch(request), clientAddress: () => null, load: { publicKey: "k" }, refreshSeconds: 10 };
  // @ts-expect-error: nobody guesses where the address is
  personalise({ bundle: () => bytes, origin: options.origin });
  return { fetch: personalise<[env: { bundle: Uint8Array }]>({ bundle: (env) => env.bundle, origin: (request) => fetch(request), clientAddress: "x-forwarded-for=2" }) };
}

export async function database(body: ReadableStream<Uint8Array>, request: Request): Promise<string | null> {
  const database = await Database.load(body, { length: 7, fields: { employees: "company.size" } });
  const options: EdgeOptions = { bundle: "https://example.com/site.npb", origin: (request) => fetch(request), clientAddress: "socket", socket: () => "192.0.2.7", database };
  const policy: AddressPolicy = { source: "forwarded=10.0.0.0/8", nat64: ["64:ff9b::/96"] };
  const found: Found = database.find(parseClientAddress(policy, request.headers) ?? "");
  // @ts-expect-error: a schema has no such field
  await Database.load(body, { fields: { size: "company.size" } });
  return found.kind === "record" ? (found.record.company?.name ?? found.record.country) : (options.refreshSeconds?.toString() ?? null);
}

export async function token(account: string): Promise<string> {
  const options: TokenOptions = { site: "Example", account, role: "champion", campaign: "spring", days: 14 };
  // @ts-expect-error: nobody has such a role
  await signToken("key", { ...options, role: "boss" });
  return signToken("key", options);
}

export async function use(bytes: Uint8Array, options: LoadOptions): Promise<string> {
  const nameplate: Nameplate = await Nameplate.load(bytes, options);
  const visit: Visit = { ip: "203.0.113.7", url: "https://example.com/", now: Date.now() / 1000, visitor: { visits: 3, role: "champion" } };
  const decision: Decision = nameplate.decide(visit);
  const explanation: Explanation = nameplate.explain({ account: null, visitor: null });
  const site: SiteIndex = nameplate.site();
  const change: AppliedChange | undefined = decision.slots[0]?.changes[0];
  if (change?.kind === "attribute") return change.name;
  const ad: Ad | undefined = explanation.decision.ads[0];
  // @ts-expect-error: only an attribute has a name
  change?.name;
  // @ts-expect-error: an address is text
  nameplate.decide({ ip: 7 });
  // @ts-expect-error: there is no public constructor
  new Nameplate(bytes);
  nameplate.free();
  return ad?.headline ?? decision.account?.shortName ?? site.hash;
}

export function component(): unknown {
  return useSlot("title")?.variant ?? Slot({ name: "title", children: "Default" });
}
