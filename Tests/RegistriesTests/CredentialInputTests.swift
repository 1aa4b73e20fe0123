import Registries
import Sealing
import Testing

@Suite struct CredentialInputTests {
    private static let harbor = [
        "harborUrl": "https://harbor.example.com", "harborProject": "p", "username": "robot$p+x", "password": "s",
    ]

    private func read(
        _ registry: RegistryDescription = .harbor,
        _ values: [String: FieldValue],
        plainHTTPHosts: Set<String> = []
    ) -> (input: CredentialInput?, errors: [FieldError]) {
        var errors: [FieldError] = []
        let input = registry.readInput(plainHTTPHosts: plainHTTPHosts, errors: &errors) { values[$0] ?? .absent }
        return (input, errors)
    }

    private func harbor(_ changes: [String: FieldValue] = [:]) -> [String: FieldValue] {
        CredentialInputTests.harbor.mapValues { .string($0) }.merging(changes) { $1 }
    }

    @Test func inputHoldsPublicAndSecretFieldsApart() throws {
        let (input, errors) = read(.harbor, harbor())
        #expect(errors.isEmpty)
        let found = try #require(input)
        #expect(
            found.publicFields
                == ["harborUrl": "https://harbor.example.com", "harborProject": "p", "username": "robot$p+x"]
        )
        #expect(found.secret.fields.map(\.name) == ["password"])
        #expect(found.secret["password"] == Secret("s"))
        #expect(found.notes.isEmpty)
    }

    @Test func allComplaintsComeTogether() {
        let (input, errors) = read(
            .harbor,
            ["harborUrl": .string("http://x"), "username": .string("a\nb"), "password": .other("a number")]
        )
        #expect(input == nil)
        #expect(errors.map(\.field) == ["harborUrl", "harborProject", "username", "password"])
    }

    @Test(arguments: RegistryDescription.all.indices)
    func emptyRequestIsToldEveryField(index: Int) {
        let registry = RegistryDescription.all[index]
        let (input, errors) = read(registry, [:])
        #expect(input == nil)
        #expect(Set(errors.map(\.field)) == Set(registry.fields.filter(\.isRequired).map(\.name)))
        #expect(errors.allSatisfy { $0.message == "is required" })
    }

    @Test func earlierComplaintsAreKeptAndDoNotSpoilTheInput() {
        let earlier = FieldError("name", "is required")
        var errors = [earlier]
        let values = harbor()
        let input = RegistryDescription.harbor.readInput(plainHTTPHosts: [], errors: &errors) { values[$0] ?? .absent }
        #expect(input != nil)
        #expect(errors == [earlier])
    }

    // The prefix is a setting of the server (`robot_name_prefix`), and users are accepted too. Source: registry-facts.md, 1.2.
    @Test(arguments: ["robot$p+x", "robot$x", "bot-x", "ci", "robot_x", "$", "a+b+c", "admin@example.com", "机器人"])
    func harborUsernameNeedsNoPrefix(username: String) {
        let (input, errors) = read(.harbor, harbor(["username": .string(username)]))
        #expect(errors.isEmpty)
        #expect(input?.publicFields["username"] == username)
    }

    @Test func addressIsCorrectedWithANoteThatNamesItsField() throws {
        let (input, _) = read(.harbor, harbor(["harborUrl": .string(" Harbor.example.com/harbor/projects/3 ")]))
        let found = try #require(input)
        #expect(found.publicFields["harborUrl"] == "https://harbor.example.com")
        #expect(found.notes.count == 2 && found.notes.allSatisfy { $0.hasPrefix("harborUrl: ") })
    }

    @Test func plainHTTPFollowsTheSetting() {
        let values = harbor(["harborUrl": .string("http://dev:5000")])
        #expect(read(.harbor, values).errors.map(\.field) == ["harborUrl"])
        #expect(read(.harbor, values, plainHTTPHosts: ["dev"]).input?.publicFields["harborUrl"] == "http://dev:5000")
    }

    // A legacy robot's secret is a JWT, and a key file may be a whole chain. Source: registry-facts.md, 1.2.
    @Test(arguments: [1, 128, 129, 2_000, 16 * 1024])
    func secretsOfEveryLengthAreAccepted(length: Int) {
        let secret = String(repeating: "x", count: length)
        #expect(read(.harbor, harbor(["password": .string(secret)])).input?.secret["password"] == Secret(secret))
    }

    @Test func rotationReadsTheSecretFieldsAlone() {
        var errors: [FieldError] = []
        let bundle = RegistryDescription.dockerHub.readSecret(errors: &errors) {
            $0 == "accessToken" ? .string("t\n") : .absent
        }
        #expect(bundle?["accessToken"] == Secret("t"))
        #expect(errors.isEmpty)
        #expect(RegistryDescription.dockerHub.readSecret(errors: &errors) { _ in .absent } == nil)
        #expect(errors.map(\.field) == ["accessToken"])
    }

    @Test func complaintsNeverRepeatAValue() {
        let canary = "s3cr3tC4n4ry"
        let (_, errors) = read(
            .harbor,
            [
                "harborUrl": .string("https://u:\(canary)@h"), "harborProject": .string("\(canary)\u{0}"),
                "username": .string(String(repeating: canary, count: 100)),
                "password": .string(String(repeating: canary, count: 2_000)),
            ]
        )
        #expect(errors.count == 4)
        #expect(!"\(errors)".contains(canary))
    }
}
