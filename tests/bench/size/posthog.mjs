import posthog from "posthog-js";

posthog.init("example", { api_host: "https://posthog.example" });
posthog.onFeatureFlags(() => (document.querySelector("h1").textContent = posthog.getFeatureFlag("hero-title") ?? "Default"));
