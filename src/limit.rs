//! Every limit of a bundle and of a visit, named once. The compiler reports what is over a limit; `open` refuses it.

/// Seconds in a day, as Unix time counts.
pub const DAY_SECONDS: i64 = 86_400;
/// Sections in a bundle.
pub const SECTION_MAX: usize = 64;
/// Bytes in a bundle.
pub const BUNDLE_BYTE_MAX: usize = 64 << 20;
/// Bytes in one string of a bundle.
pub const STRING_BYTE_MAX: usize = 64 << 10;
/// Accounts in a bundle.
pub const ACCOUNT_MAX: usize = 1 << 20;
/// Prefixes in a bundle.
pub const PREFIX_MAX: usize = 4 << 20;
/// Entries of one list field of an account, such as its technologies.
pub const LIST_MAX: usize = 256;
/// How many accounts may stand above one, for whoever looks whether it belongs to another: parent, parent's parent and so on.
pub const PARENT_MAX: usize = 16;
/// Segments in a bundle.
pub const SEGMENT_MAX: usize = 4_096;
/// Slots in a bundle, beside the one that redirects take.
pub const SLOT_MAX: usize = 1_024;
/// Placements in a bundle.
pub const PLACEMENT_MAX: usize = 256;
/// Experiences in a bundle.
pub const EXPERIENCE_MAX: usize = 131_072;
/// Variants of one experience.
pub const VARIANT_MAX: usize = 64;
/// Changes that one variant makes in one slot.
pub const CHANGE_MAX: usize = 64;
/// Line items in a bundle.
pub const LINE_ITEM_MAX: usize = 131_072;
/// Creatives of one line item.
pub const CREATIVE_MAX: usize = 64;
/// Pieces (literals and tokens) of one template.
pub const PIECE_MAX: usize = 256;
/// Instructions of one program.
pub const INSTRUCTION_MAX: usize = 4_096;
/// Values a program may hold on its stack: how deep a condition may nest.
pub const STACK_MAX: usize = 64;
/// States of one pattern's automaton.
pub const PATTERN_STATE_MAX: usize = 1_024;
/// Fields that one comparison adds up.
pub const SUM_MAX: usize = 8;
/// Changes of one time zone's offset.
pub const OFFSET_MAX: usize = 256;
/// Literals in one `field in [...]`.
pub const OPERAND_MAX: usize = 4_096;
/// Characters of a name (account id, experience, slot ...): `[a-z0-9-]`.
pub const NAME_CHAR_MAX: usize = 64;
/// Characters of one rendered token; a longer value is cut, so that a name from a CRM cannot break a layout.
pub const TOKEN_CHAR_MAX: usize = 200;
/// The widest prefix one account may have without `wide`, in bits: IPv4.
pub const WIDEST_V4: u8 = 16;
/// The widest prefix one account may have without `wide`, in bits: IPv6.
pub const WIDEST_V6: u8 = 32;
/// The highest priority of an experience or line item.
pub const PRIORITY_MAX: u16 = 1_000;
/// The highest confidence of a prefix.
pub const CONFIDENCE_MAX: u8 = 100;
/// What an address database said of a prefix is stale when it is older: it still counts, and whoever looks is told.
pub const SEEN_STALE_DAYS: u16 = 45;
/// When it is older than this, its confidence counts as one of the grade below.
pub const SEEN_OLD_DAYS: u16 = 180;
/// Bytes of a signed account token.
pub const TOKEN_BYTE_MAX: usize = 256;
/// Bytes of the key that signs them: shorter ones can be guessed.
pub const TOKEN_KEY_BYTE_MIN: usize = 16;
/// A token that would count longer is refused: browsers keep no cookie longer, either.
pub const TOKEN_LIFE_SECONDS_MAX: i64 = 400 * DAY_SECONDS;
/// A slice is as long as a multiple of this many bytes, so that its length says little of what is in it.
pub const SLICE_BYTE_STEP: usize = 256;
/// Bytes in a slice as a browser gets it: a page waits for them.
pub const SLICE_BYTE_MAX: usize = 256 << 10;
/// Values that a page may tell of its visitor on its own, for which `nameplate.yaml` has names.
pub const CUSTOM_MAX: usize = 16;
/// Parameters of a page's query that the rules of a site may read.
pub const QUERY_MAX: usize = 16;
/// Cookies that the rules of a site may read.
pub const COOKIE_MAX: usize = 16;
/// Bytes of a cookie's value that rules read: browsers keep no longer ones.
pub const COOKIE_BYTE_MAX: usize = 4_096;
/// Digits behind the point that a column of decimal numbers may have.
pub const SCALE_MAX: u8 = 9;
/// The highest weight of a variant, line item or creative.
pub const WEIGHT_MAX: u32 = 1_000_000;
/// The highest counter of a seal: JavaScript holds it exactly.
pub const SEAL_COUNTER_MAX: u64 = (1 << 53) - 1;
/// From this age on a sealed bundle is stale: it still counts, and whoever runs the site is told.
pub const SEAL_STALE_SECONDS: i64 = 7 * DAY_SECONDS;
/// A seal lives no longer.
pub const SEAL_LIFE_SECONDS_MAX: i64 = 30 * DAY_SECONDS;
/// By how much two clocks may differ, that of who seals and that of who reads.
pub const SEAL_SKEW_SECONDS: i64 = DAY_SECONDS;
/// A seal of a slice lives so long: pages stay open, and clocks are wrong.
pub const SLICE_SEAL_SECONDS: i64 = 2 * DAY_SECONDS;
/// Bytes in an address database: it is in memory as a whole.
pub const DATABASE_BYTE_MAX: usize = 1 << 30;
/// The metadata of an address database begins no farther from its end, bytes.
pub const DATABASE_METADATA_BYTE_MAX: usize = 128 << 10;
/// The latest moment at which an address database may say that it was built, Unix seconds: JavaScript holds it exactly.
pub const DATABASE_EPOCH_MAX: u64 = (1 << 53) - 1;
/// How deep a record of an address database may nest, where a visitor waits for it.
pub const RECORD_DEPTH_MAX: u16 = 64;
/// Values in a record of an address database, keys among them, where a visitor waits for it.
pub const RECORD_VALUE_MAX: u32 = 1_024;
/// Bytes of text in a record of an address database, where a visitor waits for it.
pub const RECORD_BYTE_MAX: u32 = 64 << 10;
/// How deep it may nest where tools read it.
pub const TOOL_RECORD_DEPTH_MAX: u16 = 512;
/// Values in it where tools read it.
pub const TOOL_RECORD_VALUE_MAX: u32 = 1 << 16;
/// Bytes of text in it where tools read it.
pub const TOOL_RECORD_BYTE_MAX: u32 = 2 << 20;
/// Fields of an unknown schema of an address database that may be named.
pub const MAPPING_MAX: usize = 64;
