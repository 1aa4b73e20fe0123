import Foundation
import Registries
import Sealing
import Testing

/// What one request came to.
struct ReadInput {
    var input: CredentialInput?
    var errors: [FieldError] = []

    init(_ registry: RegistryDescription, _ values: [String: FieldValue], _ changes: [String: FieldValue] = [:]) {
        let values = values.merging(changes) { $1 }
        input = registry.readInput(plainHTTPHosts: [], errors: &errors) { values[$0] ?? .absent }
    }

    static let oci: [String: FieldValue] = [
        "registryUrl": .string("https://r.example.com:5000"), "username": .string("u"), "password": .string("p"),
    ]
    static let harbor: [String: FieldValue] = [
        "harborUrl": .string("https://h.example.com"), "harborProject": .string("p"),
        "username": .string("robot$p+x"), "password": .string("s"),
    ]
    static let dockerHub: [String: FieldValue] = [
        "dockerhubUsername": .string("ann"), "accessToken": .string("dckr_pat_x"),
    ]
}

@Suite struct RepositoriesFieldTests {
    @Test(
        arguments: [
            (FieldValue.string("a/b, c"), "a/b,c"), (.list(["a/b", "c"]), "a/b,c"), (.list(["a", "a"]), "a"),
            (.string(" a "), "a"), (.list(["https://r.example.com:5000/team/app"]), "team/app"),
            (.list(["r.example.com:5000/app/"]), "app"), (.list(["a.b/c__d/e-f"]), nil), (.list([]), nil),
            (.string(""), nil), (.absent, nil),
        ] as [(FieldValue, String?)]
    )
    func namesAreReadInEitherForm(value: FieldValue, expected: String?) throws {
        let read = ReadInput(.oci, ReadInput.oci, ["repositories": value])
        // `a.b/…` looks like a host, so that it is another registry's.
        let isForeign = value == .list(["a.b/c__d/e-f"])
        #expect(read.errors.map(\.field) == (isForeign ? ["repositories[0]"] : []))
        #expect(read.input?.publicFields["repositories"] == expected)
    }

    @Test(arguments: [
        FieldValue.list(["A"]), .list(["a:1"]), .list(["a@sha256:00"]), .list(["other.example.com/a"]), .list(["a//b"]),
        .list(["../a"]), .list([String(repeating: "a", count: 256)]), .list([""]), .list(["a b"]), .list(["a,b"]),
        .list(["a\nb"]), .string("ok,-a"), .other("a number"), .list(Array(repeating: "a", count: 251)),
        .list((0..<200).map { "\($0)/" + String(repeating: "a", count: 100) }),
    ])
    func whatIsNoRepositoryIsRefused(value: FieldValue) {
        let read = ReadInput(.oci, ReadInput.oci, ["repositories": value])
        #expect(read.input == nil)
        #expect(read.errors.count == 1 && read.errors[0].field.hasPrefix("repositories"))
    }

    @Test(arguments: [
        ("alpine", "library/alpine"), ("acme/app", "acme/app"), ("docker.io/acme/app", "acme/app"),
        ("index.docker.io/alpine", "library/alpine"), ("https://hub.docker.com/r/acme/app", "acme/app"),
        ("registry-1.docker.io/acme/app", "acme/app"),
    ])
    func dockerHubKnowsItselfByManyNames(name: String, expected: String) {
        let read = ReadInput(.dockerHub, ReadInput.dockerHub, ["repositories": .list([name])])
        #expect(read.input?.publicFields["repositories"] == expected)
    }

    @Test func correctionIsToldWithTheFieldsName() throws {
        let read = ReadInput(.dockerHub, ReadInput.dockerHub, ["repositories": .list(["alpine", "busybox"])])
        #expect(read.input?.notes == ["repositories: names of one part were read as library/…"])
    }

    @Test func storedNamesReadBack() {
        #expect(RepositoryNames(stored: "a/b,c").names == ["a/b", "c"])
        #expect(RepositoryNames(stored: nil).names == [])
    }

    @Test func optionalFieldThatIsLeftOutIsNotStored() throws {
        let read = ReadInput(.dockerHub, ReadInput.dockerHub, ["namespace": .string(" ")])
        #expect(read.input?.publicFields == ["dockerhubUsername": "ann"])
        #expect(
            ReadInput(.dockerHub, ReadInput.dockerHub, ["namespace": .string("acme")]).input?.publicFields["namespace"]
                == "acme"
        )
    }
}

@Suite struct CertificateFieldTests {
    @Test func certificatesAndKeyAreSealed() async throws {
        try await TestAuthority.run { authority in
            let client = try await authority.issue("DNS:client")
            let read = ReadInput(
                .harbor,
                ReadInput.harbor,
                [
                    "caCertificatePem": .string(authority.caPEM),
                    "clientCertificatePem": .string(client.certificatePEM),
                    "clientKeyPem": .string(client.keyPEM),
                ]
            )
            let input = try #require(read.input, "\(read.errors)")
            #expect(
                input.secret.fields.map(\.name)
                    == ["password", "caCertificatePem", "clientCertificatePem", "clientKeyPem"]
            )
            #expect(Set(input.publicFields.keys) == ["harborUrl", "harborProject", "username"])
        }
    }

    @Test func keyAndCertificateGoTogetherAndFit() async throws {
        try await TestAuthority.run { authority in
            let (one, two) = (try await authority.issue("DNS:a"), try await authority.issue("DNS:b"))
            func errors(_ certificate: String?, _ key: String?) -> [String] {
                var values: [String: FieldValue] = [:]
                values["clientCertificatePem"] = certificate.map { .string($0) }
                values["clientKeyPem"] = key.map { .string($0) }
                return ReadInput(.oci, ReadInput.oci, values).errors.map { "\($0.field) \($0.message)" }
            }
            #expect(errors(one.certificatePEM, one.keyPEM) == [])
            #expect(errors(one.certificatePEM, nil) == ["clientKeyPem is required with clientCertificatePem"])
            #expect(errors(nil, one.keyPEM) == ["clientCertificatePem is required with clientKeyPem"])
            #expect(errors(one.certificatePEM, two.keyPEM).first?.hasPrefix("clientKeyPem is not the key") ?? false)
        }
    }

    @Test func pasteThatWentWrongIsToldWhatIsWrong() async throws {
        try await TestAuthority.run { authority in
            let pair = try await authority.issue("DNS:a")
            let cases: [(field: String, text: String, message: String)] = [
                ("caCertificatePem", "MIIB", "must be PEM"),
                ("caCertificatePem", authority.caPEM.replacingOccurrences(of: "\n", with: "\\n"), "two characters"),
                ("caCertificatePem", String(authority.caPEM.dropLast(60)), "whole"),
                ("caCertificatePem", pair.certificatePEM + pair.keyPEM, "certificates only"),
                ("caCertificatePem", String(repeating: authority.caPEM, count: 17), "1 to 16"),
                (
                    "clientKeyPem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----",
                    "passphrase"
                ),
                ("clientKeyPem", pair.certificatePEM, "PRIVATE KEY"),
                ("caCertificatePem", String(repeating: authority.caPEM, count: 40), "bytes"),
            ]
            for (field, text, message) in cases {
                let read = ReadInput(.oci, ReadInput.oci, [field: .string(text)])
                #expect(read.input == nil)
                #expect(read.errors.contains { $0.field == field && $0.message.contains(message) }, "\(read.errors)")
                // A complaint never repeats a value.
                #expect(!"\(read.errors)".contains(pair.keyPEM.split(separator: "\n")[1]))
            }
        }
    }

    /// A private CA outlives a new password.
    @Test func rotationKeepsWhatItLeavesOut() async throws {
        try await TestAuthority.run { authority in
            let stored = SecretBundle([("password", Secret("old")), ("caCertificatePem", Secret(authority.caPEM))])
            func rotate(_ values: [String: FieldValue]) -> RotationInput? {
                var errors: [FieldError] = []
                return RegistryDescription.oci.readRotation(of: [:], keeping: stored, errors: &errors) {
                    values[$0] ?? .absent
                }
            }
            let kept = try #require(rotate(["password": .string("new")]))
            #expect(kept.secret["password"] == Secret("new"))
            #expect(kept.secret["caCertificatePem"] == Secret(authority.caPEM))
            let emptied = try #require(rotate(["password": .string("new"), "caCertificatePem": .string("")]))
            #expect(emptied.secret["caCertificatePem"] == nil)
            // The password is what a rotation is for.
            #expect(rotate(["caCertificatePem": .string(authority.caPEM)]) == nil)
        }
    }
}

@Suite struct HarborRobotExportTests {
    private static func export(_ more: String = "") -> FieldValue {
        .string(
            #"{"creation_time":"2026-01-02T03:04:05.678Z","id":3,"name":"robot$p+x","secret":"S3cret-abc"\#(more)}"#
        )
    }

    @Test func pastedFileGivesItsSecretAndItsEnd() throws {
        let read = ReadInput(.harbor, ReadInput.harbor, ["password": Self.export(#","expires_at":1893456000"#)])
        let input = try #require(read.input)
        #expect(input.secret["password"] == Secret("S3cret-abc"))
        #expect(input.expiresAt == Date(timeIntervalSince1970: 1_893_456_000))
        #expect(input.notes == ["password: the secret was taken from the robot's exported file"])
    }

    @Test(
        arguments: [
            (#","expires_at":-1"#, nil), (#","duration":10"#, 1_768_187_045.678), (#","duration":-1"#, nil), ("", nil),
            (#","expires_at":"soon""#, nil), (#","expires_at":1893456000,"duration":1"#, 1_893_456_000),
        ] as [(String, Double?)]
    )
    func endIsSuggestedWhereTheFileTellsIt(more: String, expected: Double?) throws {
        let input = try #require(ReadInput(.harbor, ReadInput.harbor, ["password": Self.export(more)]).input)
        #expect(input.expiresAt.map { ($0.timeIntervalSince1970 * 1_000).rounded() / 1_000 } == expected)
    }

    @Test func nameFillsAnEmptyUsername() throws {
        for username in [FieldValue.absent, .string(" ")] {
            let read = ReadInput(.harbor, ReadInput.harbor, ["password": Self.export(), "username": username])
            let input = try #require(read.input)
            #expect(input.publicFields["username"] == "robot$p+x")
            #expect(input.notes.contains { $0.hasPrefix("username: ") })
        }
    }

    @Test func fileOfAnotherRobotIsRefused() {
        let read = ReadInput(.harbor, ReadInput.harbor, ["password": Self.export(), "username": .string("robot$p+y")])
        #expect(read.input == nil)
        #expect(read.errors.map(\.field) == ["password"])
        #expect(!"\(read.errors)".contains("S3cret"))
    }

    /// A secret may begin with a brace, and other registries know no such file.
    @Test func whatIsNoExportIsASecret() throws {
        for text in [#"{"name":"x"}"#, "{curly", #"{"secret":1,"name":2}"#] {
            #expect(
                ReadInput(.harbor, ReadInput.harbor, ["password": .string(text)]).input?.secret["password"]
                    == Secret(text)
            )
        }
        let oci = ReadInput(.oci, ReadInput.oci, ["password": Self.export()])
        #expect(oci.input?.secret["password"] != Secret("S3cret-abc"))
    }

    @Test func rotationTakesTheFileOfTheStoredRobotOnly() throws {
        func rotate(_ username: String) -> (RotationInput?, [FieldError]) {
            var errors: [FieldError] = []
            let input = RegistryDescription.harbor.readRotation(
                of: ["username": username],
                keeping: nil,
                errors: &errors
            ) {
                $0 == "password" ? Self.export(#","expires_at":1893456000"#) : .absent
            }
            return (input, errors)
        }
        #expect(rotate("robot$p+x").0?.secret["password"] == Secret("S3cret-abc"))
        #expect(rotate("robot$p+x").0?.expiresAt != nil)
        #expect(rotate("robot$p+z").1.map(\.field) == ["password"])
    }
}
