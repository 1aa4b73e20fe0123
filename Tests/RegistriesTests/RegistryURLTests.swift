import Registries
import Testing

/// What a user types for a registry's address, and what becomes of it. Source: docs of ``RegistryURL``; the forms of addresses
/// from the WHATWG URL standard, "host parsing", and RFC 3986.
@Suite struct RegistryURLTests {
    // (input, canonical text, notes)
    static let accepted: [(String, String, Int)] = [
        ("https://harbor.example.com", "https://harbor.example.com", 0),
        ("https://harbor.example.com/", "https://harbor.example.com", 0),
        ("https://harbor.example.com//", "https://harbor.example.com", 0),
        ("HTTPS://Harbor.Example.COM", "https://harbor.example.com", 0),
        ("https://harbor", "https://harbor", 0),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example", 0),
        ("https://under_score.example", "https://under_score.example", 0),
        ("https://1password.example", "https://1password.example", 0),
        ("https://a.b-c.d9", "https://a.b-c.d9", 0),
        // A trailing dot names the same host, and two texts for one host would be two registries.
        ("https://harbor.example.com.", "https://harbor.example.com", 0),
        // Default ports are dropped, others kept, leading zeros too.
        ("https://harbor.example.com:443", "https://harbor.example.com", 0),
        ("https://harbor.example.com:0443", "https://harbor.example.com", 0),
        ("https://harbor.example.com:80", "https://harbor.example.com:80", 0),
        ("https://harbor.example.com:8443/", "https://harbor.example.com:8443", 0),
        ("https://harbor.example.com:1", "https://harbor.example.com:1", 0),
        ("https://harbor.example.com:65535", "https://harbor.example.com:65535", 0),
        // A missing scheme is https, and the user is told.
        ("harbor.example.com", "https://harbor.example.com", 1),
        ("harbor.example.com:8443", "https://harbor.example.com:8443", 1),
        ("localhost:5000", "https://localhost:5000", 1),
        ("[::1]:5000", "https://[::1]:5000", 1),
        // A path can only be a page that was pasted.
        ("https://harbor.example.com/harbor/projects/3", "https://harbor.example.com", 1),
        ("https://harbor.example.com/harbor/projects/3/repositories", "https://harbor.example.com", 1),
        ("https://harbor.example.com:8443/v2/", "https://harbor.example.com:8443", 1),
        ("https://harbor.example.com/%2e%2e/@x:y", "https://harbor.example.com", 1),
        ("harbor.example.com/harbor/projects", "https://harbor.example.com", 2),
        // Addresses in their one usual form.
        ("https://127.0.0.1", "https://127.0.0.1", 0),
        ("https://127.0.0.1.", "https://127.0.0.1", 0),
        ("https://10.0.0.1:8443", "https://10.0.0.1:8443", 0),
        ("https://255.255.255.255", "https://255.255.255.255", 0),
        ("https://[::1]", "https://[::1]", 0),
        ("https://[2001:DB8::0:1]:8443", "https://[2001:db8::1]:8443", 0),
        ("https://[2001:0db8:0000:0000:0000:0000:0000:0001]", "https://[2001:db8::1]", 0),
        ("https://[::ffff:127.0.0.1]", "https://[::ffff:127.0.0.1]", 0),
        ("https://\(longestLabel).example", "https://\(longestLabel).example", 0),
    ]

    private static let longestLabel = String(repeating: "a", count: 63)

    @Test(arguments: accepted.indices)
    func addressIsBroughtToItsOneForm(index: Int) throws {
        let (input, canonical, notes) = RegistryURLTests.accepted[index]
        let url = try RegistryURL(input)
        #expect(url.description == canonical)
        #expect(url.notes.count == notes, "\(url.notes)")
        let again = try RegistryURL(url.description)
        #expect(again.description == canonical)
        #expect(again.host == url.host)
        #expect(again.notes.isEmpty)
    }

    static let refused: [String] = [
        // No address at all.
        "", "/", "//", "https://", "https:///", "https:///path", "://host", "https://.", "https://..", ":", ":443",
        // Other schemes, and what looks like one.
        "http://harbor.example.com", "ftp://host", "file:///etc/passwd", "javascript://host", "oci://host",
        "docker://host",
        "https:/x", "https:x", "https:", "http:/x", "//host", "https//host", "https://https://host", "file:/etc/passwd",
        " https://host", "ht tps://host", "h\u{74}tps\u{0}://host",
        // Whatever may hold a password, or hides where a request goes.
        "https://user@host", "https://user:pass@host", "https://@host", "user:pass@host", "https://host@evil.example",
        "https://host:443@evil.example", "https://host\\@evil.example", "https:\\\\host", "https://host\\evil",
        "https://host?x=1", "https://host/?x=1", "https://host#x", "https://host/path#x", "host?https://other",
        "https://host%2eexample", "https://ho%73t", "https://host;x", "https://host,other", "https://host$x",
        "https://(host)",
        // White space, controls, and what is not ASCII: an international name comes in its xn-- form.
        "https://ho st", "https://host\t", "https://host\n", "https://host\r\n.example", "https://host\u{0}",
        "\u{7F}host",
        "https://bücher.example", "https://hоst", "https://host\u{3002}example", "https://①②⑦.0.0.1",
        "https://host\u{200B}",
        // Ports.
        "https://host:0", "https://host:65536", "https://host:99999", "https://host:100000", "https://host:abc",
        "https://host:-1", "https://host:+1", "https://host:1.5", "https://host:443:443", "https://host:4 43",
        "https://host:0x1bb", "https://host:", "https://host:/", "https://host:٤٤٣",
        // Names that are none.
        "https://-host", "https://host-", "https://a..b", "https://.host", "https://host..", "https://host!",
        "https://*",
        "https://\(String(repeating: "a", count: 64)).example", "https://a,b", "https://a\"b", "https://<host>",
        "https://\(Array(repeating: "a", count: 128).joined(separator: "."))",
        // Forms of IPv4 that a resolver reads and a person, or a check of the text, does not.
        "https://0x7f.1", "https://2130706433", "https://127.1", "https://127.0.1", "https://010.0.0.1",
        "https://0177.0.0.1",
        "https://0x7f000001", "https://0x7F.0.0.1", "https://127.0.0.0x1", "https://1.2.3.256", "https://1.2.3.4.5",
        "https://1.2.3.04", "https://0", "https://1", "https://foo.1", "https://foo.0x1", "https://1e3.4",
        // Brackets.
        "https://[", "https://[]", "https://[::1", "https://::1", "https://[::1]x", "https://[::1]:", "https://[::1]:x",
        "https://[127.0.0.1]", "https://[host]", "https://[fe80::1%25eth0]", "https://[fe80::1%eth0]",
        "https://[1::2::3]",
        "https://[::g]", "https://x[::1]", "https://[[::1]]", "https://[::1].example", "https://[v1.fe80::a]",
    ]

    @Test(arguments: refused)
    func textThatIsNoRegistrysAddressIsRefused(text: String) throws {
        let error = try #require(throws: RegistryURL.ValidationError.self) { try RegistryURL(text) }
        #expect(!error.message.isEmpty)
    }

    @Test func everyRuleHasItsRow() {
        #expect(RegistryURLTests.accepted.count + RegistryURLTests.refused.count >= 60)
    }

    @Test func hugeTextIsRefusedUnread() throws {
        let limit = RegistryURL.lengthLimit
        let prefix = "https://host/"
        #expect(
            try RegistryURL(prefix + String(repeating: "a", count: limit - prefix.count)).description == "https://host"
        )
        for text in [
            prefix + String(repeating: "a", count: limit - prefix.count + 1), String(repeating: "a", count: 10_000_000),
            String(repeating: "é", count: limit / 2 + 1), String(repeating: "[", count: limit),
        ] {
            #expect(throws: RegistryURL.ValidationError.self) { try RegistryURL(text) }
        }
    }

    /// The input may hold a password, and errors go to logs.
    @Test(arguments: [
        "https://robot:s3cr3tC4n4ry@host", "s3cr3tC4n4ry:x@host", "https://host?token=s3cr3tC4n4ry",
        "https://s3cr3tC4n4ry..x",
        "https://host:s3cr3tC4n4ry", "s3cr3tC4n4ry://host", "https://[s3cr3tC4n4ry]", "https://host#s3cr3tC4n4ry",
        "http://s3cr3tC4n4ry", "https://s3cr3tC4n4ry é", "https://s3cr3tC4n4ry.1",
    ])
    func errorNeverRepeatsTheInput(text: String) throws {
        let error = try #require(throws: RegistryURL.ValidationError.self) { try RegistryURL(text) }
        #expect(!"\(error) \(String(reflecting: error))".lowercased().contains("s3cr3tc4n4ry"))
        #expect(["must ", "is ", "has "].contains { error.message.hasPrefix($0) }, "it stands after the field's name")
    }

    @Test func notesNeverRepeatTheInput() throws {
        let url = try RegistryURL("host/s3cr3tC4n4ry")
        #expect(url.notes.count == 2)
        #expect(!url.notes.joined().contains("s3cr3t"))
    }
}
