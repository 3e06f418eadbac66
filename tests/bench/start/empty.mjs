// A process that does nothing: what Node itself costs.
import { report } from "./report.mjs";

report({});
