//! Links that open a mail program or a telephone. `www/tag/url.ts` reads them the same way.

/// What a link may fill in of a mail. Not who gets it unseen.
const FIELDS: [&str; 3] = ["subject", "body", "cc"];

/// Why an address is refused, if it is; `None` for URLs of other schemes.
pub(super) fn check(url: &str) -> Option<Result<(), String>> {
    let (scheme, rest) = url.split_once(':')?;
    match scheme.to_ascii_lowercase().as_str() {
        "mailto" => Some(mail(rest)),
        "tel" => Some(telephone(rest)),
        _ => None,
    }
}

fn mail(rest: &str) -> Result<(), String> {
    let (address, fields) = rest.split_once('?').map_or((rest, None), |(address, fields)| (address, Some(fields)));
    let is_address = address.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && !host.is_empty()
            && name.bytes().all(|byte| is_word(byte) || b".+-".contains(&byte))
            && host.bytes().all(|byte| is_word(byte) || b".-".contains(&byte))
    });
    if !is_address {
        return Err("it has no address such as `sales@example.com` behind `mailto:`".to_owned());
    }
    fields.map_or(Ok(()), |fields| fields.split('&').try_for_each(field))
}

fn field(field: &str) -> Result<(), String> {
    let (name, value) = field.split_once('=').unwrap_or((field, ""));
    if !FIELDS.iter().any(|known| known.eq_ignore_ascii_case(name)) || name.len() == field.len() {
        return Err(format!("of a mail it may fill in `subject=`, `body=` and `cc=`, not `{field}`"));
    }
    if !value.bytes().all(|byte| is_word(byte) || b".~!'()*:@,;/$+%-".contains(&byte)) {
        return Err(format!("the value of `{name}` is not encoded; write a blank as `%20`"));
    }
    let decoded = decode(value).ok_or_else(|| format!("the percent-encoding in the value of `{name}` is no text"))?;
    if decoded.chars().any(char::is_control) {
        return Err(format!("the value of `{name}` holds a control character"));
    }
    Ok(())
}

fn telephone(rest: &str) -> Result<(), String> {
    let (number, extension) = rest.split_once(';').map_or((rest, None), |(number, more)| (number, Some(more)));
    let number = number.strip_prefix('+').unwrap_or(number);
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = number.starts_with(|first: char| first.is_ascii_digit() || first == '(')
        && number.bytes().all(|byte| byte.is_ascii_digit() || b"().-".contains(&byte));
    let is_extension = |more: &str| {
        more.split_once('=').is_some_and(|(name, value)| name.eq_ignore_ascii_case("ext") && is_digits(value))
    };
    if !is_number || !extension.is_none_or(is_extension) {
        return Err("it has no number such as `+49-30-901820` behind `tel:`".to_owned());
    }
    Ok(())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Nothing for what is no UTF-8, and for a `%` without two hexadecimal digits behind it.
fn decode(text: &str) -> Option<String> {
    let (first, parts) = text.split_once('%').map_or((text, None), |(first, rest)| (first, Some(rest.split('%'))));
    let mut bytes = first.as_bytes().to_vec();
    for part in parts.into_iter().flatten() {
        let digits = part.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend(part.bytes().skip(2));
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn mails_and_numbers_pass_that_hold_nothing_else() {
        for good in [
            "mailto:sales@example.com",
            "MAILTO:first.last+tag@sales.example.com",
            "mailto:sales@example.com?subject=A%20plan&body=Gr%C3%BC%C3%9Fe,%20ja",
            "mailto:sales@example.com?cc=boss@example.com",
            "mailto:sales@example.com?subject=",
            "tel:+49-30-901820",
            "tel:(800)555-0100",
            "TEL:112;ext=7",
        ] {
            assert_eq!(check(good), Some(Ok(())), "{good}");
        }
        for bad in [
            "mailto:",
            "mailto:?subject=x",
            "mailto:sales",
            "mailto:a@b@c",
            "mailto:a@b,c@d",
            "mailto:%61@example.com",
            "mailto:a@example.com?",
            "mailto:a@example.com?subject",
            "mailto:a@example.com?bcc=b@example.com",
            "mailto:a@example.com?attach=/etc/passwd",
            "mailto:a@example.com?subject=a&&cc=b@example.com",
            "mailto:a@example.com?subject=%0D%0ABcc:%20b@example.com",
            "mailto:a@example.com?subject=%7f",
            "mailto:a@example.com?subject=%C2%85",
            "mailto:a@example.com?subject=%C3",
            "mailto:a@example.com?subject=%2",
            "mailto:a@example.com?subject=%+1",
            "mailto:a@example.com?subject=a b",
            "mailto:a@example.com?subject=<b>",
            "mailto:a@example.com#x",
            "mailto:\u{1}a@example.com",
            "mailto://a@example.com",
            "tel:",
            "tel:+",
            "tel://112",
            "tel:*31#112",
            "tel:1 2",
            "tel:112;phone-context=x",
            "tel:112;ext=",
            "tel:112?x=1",
        ] {
            assert!(matches!(check(bad), Some(Err(_))), "{bad}");
        }
        for other in ["sms:112", "https://www.example.com/", "/mailto:a@example.com", "javascript:alert(1)", ""] {
            assert_eq!(check(other), None, "{other}");
        }
    }
}
