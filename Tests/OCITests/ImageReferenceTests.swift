import OCI
import Testing

/// Source of the grammar and of most rows: distribution/reference, reference_test.go and normalize_test.go.
@Suite struct ImageReferenceTests {
    static let sha = "sha256:" + String(repeating: "ab", count: 32)

    @Test(arguments: [
        ("alpine", "docker.io/library/alpine:latest"), ("alpine:3.20", "docker.io/library/alpine:3.20"),
        ("library/alpine", "docker.io/library/alpine:latest"), ("docker.io/alpine", "docker.io/library/alpine:latest"),
        ("docker.io/library/alpine", "docker.io/library/alpine:latest"),
        ("index.docker.io/alpine", "docker.io/library/alpine:latest"),
        ("Docker.IO/alpine", "docker.io/library/alpine:latest"), ("owner/app", "docker.io/owner/app:latest"),
        ("docker.io/owner/app:1", "docker.io/owner/app:1"), ("owner/group/app", "docker.io/owner/group/app:latest"),
        // No dot, no colon, not localhost: a namespace of Docker Hub.
        ("myhost/app", "docker.io/myhost/app:latest"), ("localhost/app", "localhost/app:latest"),
        ("localhost:5000/app", "localhost:5000/app:latest"), ("host:5000/app:1", "host:5000/app:1"),
        // A capital makes it a host; alone, a colon begins a tag, and a dot says nothing.
        ("MyHost/app", "MyHost/app:latest"), ("app:5000", "docker.io/library/app:5000"),
        ("app:5000/x", "app:5000/x:latest"),
        ("registry.example.com", "docker.io/library/registry.example.com:latest"),
        ("ghcr.io/owner/app:1.2", "ghcr.io/owner/app:1.2"),
        ("harbor.x/proj/library/alpine", "harbor.x/proj/library/alpine:latest"),
        ("REG.example.com:5000/a/b:T", "reg.example.com:5000/a/b:T"), ("1.2.3.4/app", "1.2.3.4/app:latest"),
        ("1.2.3.4:5000/app", "1.2.3.4:5000/app:latest"), ("[::1]/app", "[::1]/app:latest"),
        ("[2001:DB8::1]:5000/a/b:x", "[2001:db8::1]:5000/a/b:x"),
        ("a.b/c@\(sha)", "a.b/c@\(sha)"), ("a.b/c:1@\(sha)", "a.b/c:1@\(sha)"),
        ("alpine@\(sha)", "docker.io/library/alpine@\(sha)"),
        ("a.b/c_d/e__f/g--h/i.j", "a.b/c_d/e__f/g--h/i.j:latest"), ("a.b/0/1", "a.b/0/1:latest"),
        (" a.b/c \n", "a.b/c:latest"),
        ("a.b/c:_x.y-Z", "a.b/c:_x.y-Z"),
        ("a.b/c:" + String(repeating: "t", count: 128), "a.b/c:" + String(repeating: "t", count: 128)),
        ("xn--n3h.com/app", "xn--n3h.com/app:latest"), ("a.b/x---y", "a.b/x---y:latest"),
        ("a.b/" + String(repeating: "c", count: 255), "a.b/" + String(repeating: "c", count: 255) + ":latest"),
        // Sixty-four hexadecimal digits below a host are a name like any other.
        ("a.b/" + String(repeating: "a", count: 64), "a.b/" + String(repeating: "a", count: 64) + ":latest"),
    ])
    func namesAreNormalized(text: String, full: String) throws {
        let reference = try ImageReference(text)
        #expect(reference.description == full)
        // What was normalized means itself.
        #expect(try ImageReference(full) == reference)
        let again = try ImageReference(
            registry: reference.registry,
            repository: reference.repository,
            tag: reference.tag,
            digest: reference.digest
        )
        #expect(again == reference)
    }

    @Test(arguments: [
        "", " ", ":tag", "@\(sha)", "/", "/app", "app/", "a//b", "a.b/", "a.b//c", "Alpine", "a.b/App", "a.b/c:",
        "a.b/c@", "a.b/c:-x", "a.b/c:.x",
        "a.b/c:t t", "a.b/c:1:2", "a.b/c:" + String(repeating: "t", count: 129), "a.b/c@sha256:abc",
        "a.b/c@md5:" + String(repeating: "a", count: 32),
        "a.b/c@\(sha)@\(sha)", "a.b/-c", "a.b/c-", "a.b/_c", "a.b/c_", "a.b/c___d", "a.b/c..d", "a.b/c._d", "a.b/.c",
        "a.b/../c", "a.b/./c",
        "https://a.b/c", "http://a.b/c:1", "oci://a.b/c", "a.b/c d", "a.b/c?x", "a.b/c#x", "a.b/c%2fd", "a.b/c\\d",
        "a.b/c\u{e9}", "\u{ff41}.b/c",
        "-a.b/c", "a-.b/c", "a..b/c", ".a.b/c", "a_b.c/d", "a.b:/c", "a.b:0/c", "a.b:65536/c", "a.b:x/c",
        "a.b:5000:1/c", "[::1/c", "[]/c", "[x]/c",
        "[::1]x/c", "[127.0.0.1]/c", "user@a.b/c", String(repeating: "a", count: 64),
        "a.b/" + String(repeating: "c", count: 256),
        String(repeating: "a", count: 64) + ".b/c", String(repeating: "a/", count: 600) + "b", "a.b/c\u{0}",
        "a.b/c\n:x",
    ])
    func otherTextsAreRefused(text: String) {
        #expect(throws: ImageReference.ValidationError.self) { try ImageReference(text) }
    }

    @Test func digestCountsWhereBothAreGiven() throws {
        let reference = try ImageReference("a.b/c:1@\(ImageReferenceTests.sha)")
        #expect(reference.reference == ImageReferenceTests.sha)
        #expect(reference.tag == "1")
        #expect(try ImageReference("a.b/c@\(ImageReferenceTests.sha)").tag == nil)
        #expect(try ImageReference("a.b/c").reference == "latest")
    }

    /// Random texts of the grammar's own characters: nothing traps, and what is taken is a fixed point.
    @Test func whateverIsTakenMeansItself() {
        let alphabet = Array("ab0.-_:/@[]AZ sha256:/".unicodeScalars)
        for _ in 0..<20_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...24) { text.unicodeScalars.append(alphabet.randomElement() ?? "a") }
            guard let reference = try? ImageReference(text) else { continue }
            #expect((try? ImageReference(reference.description)) == reference, "\(text)")
            #expect(ImageReference.isRepository(reference.repository))
        }
    }
}
