import { createClient } from "@launchdarkly/js-client-sdk";

const client = createClient("example", { kind: "user", key: "1" });
await client.start();
document.querySelector("h1").textContent = client.variation("hero-title", "Default");
