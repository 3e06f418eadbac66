import { Ninetailed } from "@ninetailed/experience.js";

const ninetailed = new Ninetailed({ clientId: "example" });
await ninetailed.page();
ninetailed.onProfileChange(({ profile }) => (document.querySelector("h1").textContent = profile?.id ?? "Default"));
