import Registries
import Testing

@Suite struct OutboundURLTests {
    @Test(arguments: [
        ("https://h.test", "https://h.test/"), ("HTTPS://H.Test:443/a", "https://h.test/a"),
        ("http://h.test:80/", "http://h.test/"), ("http://h.test:443/", "http://h.test:443/"),
        ("https://h.test:8443?x=1", "https://h.test:8443/?x=1"), ("https://[0:0::1]:5/x", "https://[::1]:5/x"),
        ("https://h.test./a", "https://h.test/a"),
    ])
    func hostAndPortAreCanonical(raw: String, text: String) throws {
        #expect(try OutboundURL(raw).text == text)
    }

    /// Harbor wants `%252F` for the slash in a repository's name; storage signs its URLs byte for byte.
    @Test(arguments: [
        "/api/v2.0/projects/p/repositories/a%252Fb/artifacts?q=name%3D~x%2Cy&n=1", "/a/../b/./c//d", "/v2/%2e%2e/x",
        "/x?sig=a%2Bb%3D%3D&X-Amz-Date=20260101T000000Z&;a=1&&b", "/a;b=c,d/e:f@g!$&'()*+?/?", "/%c3%a9/%C3%A9?",
    ])
    func pathAndQueryStayByteForByte(target: String) throws {
        #expect(try OutboundURL("https://h.test\(target)").target == target)
    }

    /// What no URL holds is escaped, so that nothing below has to guess.
    @Test(arguments: [
        ("/a b", "/a%20b"), ("/100%", "/100%25"), ("/%zz", "/%25zz"), ("/a?q=\"x\"<y>|z", "/a?q=%22x%22%3Cy%3E%7Cz"),
        ("/[x]", "/%5Bx%5D"), ("/%4", "/%254"),
    ])
    func whatNoURLHoldsIsEscaped(raw: String, target: String) throws {
        #expect(try OutboundURL("https://h.test\(raw)").target == target)
    }

    @Test(arguments: [
        "", "h.test", "ftp://h.test/", "file:///etc/passwd", "https://", "https:///a", "https://u@h.test/",
        "https://u:p@h.test/", "https://h.test/#f", "https://h.test:0/", "https://h.test:65536/", "https://h.test:x/",
        "https://2130706433/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://127.1/", "https://1.2.3.4.5/",
        "https://256.1.1.1/", "https://h_\u{e9}.test/", "https://h.test/\r\nX: y", "https://h.test\\@evil.test/",
        "https://[::1/", "https://[::1%25eth0]/", "https://[127.0.0.1]/", "https://[fe80::1%eth0]/",
        "javascript:alert(1)",
        "https://h.test/" + String(repeating: "a", count: 17_000), "gopher://h.test", "//h.test/a", "https:/h.test",
    ])
    func otherTextsAreRefused(raw: String) {
        #expect(throws: OutboundURL.ValidationError.self) { try OutboundURL(raw) }
    }

    /// RFC 3986, section 5.4, as far as http URLs go, and what registries send.
    @Test(arguments: [
        ("/v2/x/tags/list?last=b&n=2", "https://h.test/v2/x/tags/list?last=b&n=2"),
        ("?last=b", "https://h.test/v2/a/b?last=b"),
        ("c", "https://h.test/v2/a/c"), ("./c", "https://h.test/v2/a/c"), ("../c", "https://h.test/v2/c"),
        ("../../../../c", "https://h.test/c"), ("c/", "https://h.test/v2/a/c/"), ("..", "https://h.test/v2/"),
        ("//o.test/x", "https://o.test/x"), ("http://o.test/x", "http://o.test/x"),
        ("https://h.test:444/", "https://h.test:444/"),
        ("/x#frag", "https://h.test/x"), ("", "https://h.test/v2/a/b?q=1"), ("/a%252Fb", "https://h.test/a%252Fb"),
        ("/a?next=https://evil.test/", "https://h.test/a?next=https://evil.test/"), ("x:y", "https://h.test/v2/a/x:y"),
    ])
    func referencesResolve(reference: String, text: String) throws {
        #expect(try OutboundURL("https://h.test/v2/a/b?q=1").resolving(reference).text == text)
    }

    @Test(arguments: ["https://u@o.test/", "ftp://o.test/", "//", "/a\nb", "http://[::1", "\\\\evil.test\\x"])
    func badReferencesAreRefused(reference: String) throws {
        let url = try OutboundURL("https://h.test/v2/a/b")
        #expect(throws: OutboundURL.ValidationError.self) { try url.resolving(reference) }
    }

    @Test func builtURLsEncodeTheirParts() throws {
        let origin = try OutboundOrigin("https://h.test")
        let url = origin.url("/v2/a%252Fb", query: [("scope", "repository:a/b:pull,push"), ("q", "x&y=\u{e9} ")])
        #expect(url.text == "https://h.test/v2/a%252Fb?scope=repository%3Aa%2Fb%3Apull%2Cpush&q=x%26y%3D%C3%A9%20")
        #expect(url.adding("n", "1").query?.hasSuffix("&n=1") == true)
    }

    /// Signatures, session tokens and account names stand in queries.
    @Test func printingShowsNoSecretOfAQuery() throws {
        let url = try OutboundURL(
            "https://s3.test/b/o?X-Amz-Signature=canary1&n=5&account=canary2&scope=repository:a:pull&X-Amz-Credential=canary3"
        )
        let prints = ["\(url)", String(reflecting: url), String(describing: [url])]
        for text in prints {
            #expect(!text.contains("canary"), "\(text)")
            #expect(text.contains("n=5") && text.contains("scope=repository:a:pull"))
        }
        var dumped = ""
        dump(url, to: &dumped)
        #expect(!dumped.contains("canary"))
        #expect(try "\(OutboundURL("https://h.test/" + String(repeating: "a", count: 9_000)))".utf8.count < 500)
    }

    @Test(arguments: [
        ("https://h.test", "https://h.test"), ("https://h.test:443/", "https://h.test"),
        ("http://h.test:5000", "http://h.test:5000"),
    ])
    func originIsSchemeHostAndPort(raw: String, text: String) throws {
        #expect(try OutboundOrigin(raw).description == text)
        #expect(try OutboundOrigin(RegistryURL(raw, plainHTTPHosts: ["h.test"])).description == text)
    }
}
