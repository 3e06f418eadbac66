import { GrowthBook } from "@growthbook/growthbook";

const growthbook = new GrowthBook({ clientKey: "sdk-example", attributes: { id: "1" } });
await growthbook.init({ timeout: 1000 });
document.querySelector("h1").textContent = growthbook.getFeatureValue("hero-title", "Default");
