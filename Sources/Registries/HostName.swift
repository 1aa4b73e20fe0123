#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The host of a URL in its one canonical form: a lower-case DNS name, a dotted IPv4 address, or an IPv6 address in brackets.
///
/// Forms that a resolver would read as an address and a person would not (`0x7f.1`, `2130706433`) are refused, so that no
/// check made on the text is passed by.
struct HostName: CustomStringConvertible {
    let description: String

    /// Reads the bytes of a host.
    init(_ raw: ArraySlice<UInt8>) throws(RegistryURL.ValidationError) {
        let lowered = raw.map { (65...90).contains($0) ? $0 + 32 : $0 }
        if lowered.first == UInt8(ascii: "[") {
            description = try HostName.ipv6(String(decoding: lowered, as: UTF8.self))
            return
        }
        let dot = UInt8(ascii: ".")
        let name = lowered.last == dot ? lowered.dropLast() : lowered[...]
        let labels = name.split(separator: dot, omittingEmptySubsequences: false)
        guard !name.isEmpty, name.count <= 253, labels.allSatisfy(HostName.isLabel) else {
            throw RegistryURL.ValidationError("has no valid host name")
        }
        // A name whose last label is a number is an address or nothing. Source: WHATWG URL, "ends in a number checker".
        if let last = labels.last, last.allSatisfy(HostName.isDigit) || last.starts(with: "0x".utf8) {
            guard HostName.isDottedQuad(labels) else {
                throw RegistryURL.ValidationError(
                    "has a host that is neither a name nor an IPv4 address in dotted form"
                )
            }
        }
        description = String(decoding: name, as: UTF8.self)
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        let dash = UInt8(ascii: "-")
        return (1...63).contains(label.count) && label.first != dash && label.last != dash
            && label.allSatisfy { isDigit($0) || (97...122).contains($0) || $0 == dash || $0 == UInt8(ascii: "_") }
    }

    static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    private static func isDottedQuad(_ labels: [ArraySlice<UInt8>]) -> Bool {
        labels.count == 4
            && labels.allSatisfy { label in
                let isShortest = label.count == 1 || label.first != UInt8(ascii: "0")
                return label.count <= 3 && label.allSatisfy(isDigit) && isShortest
                    && label.reduce(0) { $0 * 10 + Int($1 - 48) } <= 255
            }
    }

    private static func ipv6(_ text: String) throws(RegistryURL.ValidationError) -> String {
        var address = in6_addr()
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard text.hasSuffix("]"), inet_pton(AF_INET6, String(text.dropFirst().dropLast()), &address) == 1,
            inet_ntop(AF_INET6, &address, &buffer, socklen_t(buffer.count)) != nil
        else { throw RegistryURL.ValidationError("has brackets that hold no IPv6 address") }
        let canonical = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "[\(canonical)]"
    }
}
