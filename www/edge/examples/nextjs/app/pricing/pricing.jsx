/** The page as all see it whom `shown` is the same for. Its words are the site's own, by the names of experiences. */
export function Pricing({ shown }) {
  const titles = { "account-siemens": "Plans for plants of your size" };
  return (
    <main>
      <h1>{titles[shown["pricing-title"]?.experience] ?? "Plans and prices"}</h1>
      <a href="/contact">{shown["pricing-cta"] === undefined ? "Talk to us" : "Book a walk through the plans"}</a>
      <p>Made at {new Date().toISOString()}</p>
    </main>
  );
}
