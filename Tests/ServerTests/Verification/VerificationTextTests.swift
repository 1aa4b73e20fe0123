import Foundation
import Registries
import Sealing
import TestSupport
import Testing

@testable import Server

/// Whatever a registry says is bounded, of one line, and holds nothing of the secret.
@Suite struct VerificationTextTests {
    private static let secret = "tZ8/kQ2+vN5 yR1=wX7"
    private static let username = "robot$p+deploy"

    private func cleaner(_ secret: String = secret, plainHTTPHosts: Set<String> = []) -> VerificationText {
        let credential = OpenedCredential(
            id: UUID(),
            version: 1,
            kind: RegistryDescription.harbor.kind,
            publicFields: ["username": Self.username, "harborUrl": "https://harbor.example.com"],
            secret: SecretBundle([("password", Secret(secret))])
        )
        return VerificationText(credential, plainHTTPHosts: plainHTTPHosts)
    }

    /// The forms in which a server sees a secret: bare, in base64, as Basic credentials; and parts of them.
    private static let echoes: [String] = {
        let basic = Data("\(username):\(secret)".utf8).base64EncodedString()
        let url = basic.replacing("+", with: "-").replacing("/", with: "_")
        return [
            secret, "\(secret)", "you sent \(secret)!", String(secret.prefix(12)), String(secret.suffix(12)),
            Data("x:\(secret)".utf8).base64EncodedString(), Data("xy:\(secret)".utf8).base64EncodedString(),
            secret.utf8.map { String($0, radix: 16) }.joined(),
            secret.utf8.map { String($0, radix: 16) }.joined()
                .uppercased(),
            Data(secret.utf8).base64EncodedString(), basic, "Basic \(basic)", String(basic.suffix(20)), url,
        ]
    }()

    @Test(arguments: echoes)
    func nothingOfTheSecretIsKept(echo: String) {
        let outcome = Verification(
            state: .verified,
            steps: [.init(name: .credential, outcome: .failed, detail: "said: \(echo)", code: echo)],
            rights: .init(held: [echo], missing: [echo], excess: [echo]),
            realm: "https://\(echo)",
            registryVersion: echo,
            advice: "\(echo) is wrong",
            checkedAt: Date()
        )
        let clean = cleaner().clean(outcome, began: Date())
        let all = "\(clean)"
        #expect(!all.contains(echo) && !all.contains(Self.secret.prefix(8)), "\(all)")
        #expect(clean.advice == VerificationText.withheld && clean.realm == nil && clean.steps[0].code == nil)
    }

    @Test func aShortSecretIsFoundWhole() {
        #expect(cleaner("abcd").line("password abcd is wrong") == VerificationText.withheld)
        #expect(cleaner("abcd").line("password abc is wrong") == "password abc is wrong")
        #expect(cleaner("abc").line("abc stands in many words") == "abc stands in many words")
    }

    @Test func otherWordsAreKeptAsTheyAre() {
        let text = "unauthorized: project p, robot$p+deploy – überprüfen 🐳"
        #expect(cleaner().line(text) == text)
    }

    @Test func aLineIsOneLineAndShort() {
        #expect(cleaner().line("a\nb\r\tc\u{2028}d\u{0}e") == "a b  c d e")
        #expect(cleaner().line("safe\u{202E}gnihtemos") == "safegnihtemos", "the direction of writing is not turned")
        #expect(cleaner().line("\u{1B}[31mred") == " [31mred")
        #expect(cleaner().line(String(repeating: "x", count: 100_000)).count == VerificationText.lineLimit)
        let clean = cleaner().clean(
            Verification(
                state: .verified,
                steps: [],
                rights: .init(held: (0..<5_000).map { "right \($0) " + String(repeating: "y", count: 1_000) }),
                checkedAt: Date()
            ),
            began: Date()
        )
        #expect(clean.rights.held.count == VerificationText.rightCount)
        #expect(clean.rights.held.allSatisfy { $0.count <= VerificationText.rightLimit })
    }

    @Test(arguments: [
        ("https://auth.example.com", true), ("https://auth.example.com:8443", true), ("http://auth.example.com", false),
        ("https://auth.example.com/token", false), ("https://user@auth.example.com", false),
        ("auth.example.com", false),
        ("javascript:alert(1)", false), ("", false), ("https://auth.example.com?x=1", false),
    ])
    func aRealmIsAnOriginOrNothing(text: String, isKept: Bool) {
        #expect(cleaner().origin(text) == (isKept ? text : nil))
    }

    @Test func aPlainRealmIsKeptWhereConfigurationAllowsTheHost() {
        #expect(cleaner(plainHTTPHosts: ["auth.local:80"]).origin("http://auth.local:81") == nil)
        #expect(cleaner(plainHTTPHosts: ["auth.local:81"]).origin("http://auth.local:81") == "http://auth.local:81")
    }

    @Test(arguments: [
        Double.infinity, -.infinity, .nan, 1e300, -1e300, 253_402_300_800, -1,
    ])
    func aMomentOutsideOfTheCalendarIsUnknown(seconds: Double) {
        let outcome = Verification(
            state: .verified,
            steps: [],
            expiry: .init(at: Date(timeIntervalSince1970: seconds), source: .registry),
            rateBudget: RateBudget(limit: 1, remaining: 1, resetsAt: Date(timeIntervalSince1970: seconds)),
            checkedAt: Date(timeIntervalSince1970: seconds)
        )
        let began = Date(timeIntervalSince1970: 1_800_000_000)
        let clean = cleaner().clean(outcome, began: began)
        #expect(clean.expiry == .init(at: nil, source: .unknown))
        #expect(clean.rateBudget?.resetsAt == nil && clean.checkedAt == began)
    }

    @Test func stepsAreEachToldOnceAndInTheirOrder() {
        let outcome = Verification(
            state: .verified,
            steps: [.pull, .address, .pull, .tls, .address].map {
                .init(name: $0, outcome: .passed, detail: "", code: "Not A Code", durationInMilliseconds: -5)
            },
            checkedAt: Date()
        )
        let clean = cleaner().clean(outcome, began: Date())
        #expect(clean.steps.map(\.name) == [.address, .tls, .pull])
        #expect(clean.steps.allSatisfy { $0.code == nil && $0.durationInMilliseconds == 0 })
    }

    /// The largest secret and the longest text; finding the one in the other must not take long.
    @Test func aLargeSecretIsFoundInALongText() {
        let secret = String((0..<16_384).map { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement() ?? "a" })
        let cleaner = cleaner(secret)
        let middle = secret.dropFirst(9_000).prefix(40)
        #expect(cleaner.line(String(repeating: "-", count: 50_000) + middle) == VerificationText.withheld)
    }
}
