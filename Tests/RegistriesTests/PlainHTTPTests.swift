import Registries
import Testing

/// Plain http goes only to hosts that the operator named, as `host` (on every port) or as `host:port`.
@Suite struct PlainHTTPTests {
    @Test(
        arguments: [
            ("http://dev", ["dev"], "http://dev"),
            ("http://DEV/", ["dev"], "http://dev"),
            ("http://dev:5000", ["dev"], "http://dev:5000"),
            ("http://dev:5000", ["dev:5000"], "http://dev:5000"),
            ("http://dev:80", ["dev"], "http://dev"),
            ("http://dev", ["dev:80"], "http://dev"),
            ("http://dev:80", ["dev:80"], "http://dev"),
            ("http://dev:443", ["dev:443"], "http://dev:443"),
            ("http://[::1]:5000", ["[::1]:5000"], "http://[::1]:5000"),
            ("http://127.0.0.1:5000", ["other", "127.0.0.1"], "http://127.0.0.1:5000"),
            ("http://dev.", ["dev"], "http://dev"),
            // The list allows, it does not demand.
            ("https://dev:5000", ["dev"], "https://dev:5000"),
            ("dev:5000", ["dev"], "https://dev:5000"),
        ] as [(String, Set<String>, String)]
    )
    func namedHostMayBeSpokenToWithoutTLS(text: String, hosts: Set<String>, canonical: String) throws {
        #expect(try RegistryURL(text, plainHTTPHosts: hosts).description == canonical)
    }

    @Test(
        arguments: [
            ("http://dev", []),
            ("http://dev", ["other", "sub.dev", "ev", "dev:5000", "dev:443", ""]),
            ("http://dev:5000", ["dev:5001", "dev:80", ":5000"]),
            ("http://sub.dev", ["dev"]),
            ("http://dev.example.com", ["dev"]),
            ("http://dev:5000", ["dev:50"]),
            ("http://user@dev", ["dev"]),
        ] as [(String, Set<String>)]
    )
    func otherHostMayNot(text: String, hosts: Set<String>) throws {
        #expect(throws: RegistryURL.ValidationError.self) { try RegistryURL(text, plainHTTPHosts: hosts) }
    }
}
