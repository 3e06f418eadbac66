import { decisionOf, Slot } from "nameplate/next/page";
import { headers } from "next/headers";

export default async function Page() {
  const decision = decisionOf(await headers());
  return (
    <main>
      <Slot decision={decision} name="hero-title" as="h1">See every site at once</Slot>
      <Slot decision={decision} name="hero-cta" as="a" href="/pricing" className="button">See the plans</Slot>
      {/* For components of your own: */}
      {decision.account?.tier === 1 && <p>Your team at Tidewater is on call.</p>}
    </main>
  );
}
