import { shownIn } from "nameplate/next/page";
import { Pricing } from "../../../pricing/pricing";

// Each is made when it is first asked for, and kept.
export const generateStaticParams = () => [];
export const revalidate = 3600;

export default async function Page({ params }) {
  return <Pricing shown={shownIn((await params).cohort)} />;
}
