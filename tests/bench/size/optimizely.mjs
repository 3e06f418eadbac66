import { createInstance, createPollingProjectConfigManager } from "@optimizely/optimizely-sdk";

const client = createInstance({ projectConfigManager: createPollingProjectConfigManager({ sdkKey: "example" }) });
await client.onReady();
const decision = client.createUserContext("1", {}).decide("hero-title");
document.querySelector("h1").textContent = decision.variationKey ?? "Default";
