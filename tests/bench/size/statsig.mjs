import { StatsigClient } from "@statsig/js-client";

const client = new StatsigClient("client-example", { userID: "1" });
await client.initializeAsync();
document.querySelector("h1").textContent = client.getDynamicConfig("hero").get("title", "Default");
