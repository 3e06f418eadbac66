import { Pricing } from "./pricing";

export default function Page() {
  return <Pricing shown={{}} />;
}
