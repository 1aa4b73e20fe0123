import Foundation
import Registries
import Sealing

/// Makes an outcome safe to keep and to show: whatever came from the far side is bounded, of one line, and holds nothing of the
/// secret, however it was echoed.
struct VerificationText {
    /// Unicode scalars of one line for people.
    static let lineLimit = 300
    /// Unicode scalars of the name of a right.
    static let rightLimit = 200
    /// Rights in one list; Harbor has fewer than a hundred.
    static let rightCount = 200
    /// What stands where the far side repeated the secret.
    static let withheld = "(withheld: the registry's words held a part of the secret)"

    /// Bytes that a text and the secret may not have in common. Shorter secrets count whole, from ``shortestSecret`` on.
    static let commonBytes = 12
    private static let shortestSecret = 4

    /// Hashes of every run of so many bytes of a form of the secret.
    private var traces: [Int: Set<UInt64>] = [:]
    private let plainHTTPHosts: Set<String>

    /// A cleaner of what was said to `credential`.
    init(_ credential: OpenedCredential, plainHTTPHosts: Set<String>) {
        self.plainHTTPHosts = plainHTTPHosts
        for field in credential.secret.fields {
            field.value.withBytes { bytes in
                note(bytes)
                // In base64, bare or behind a username: three ways to fall into its groups of three bytes. The letters that
                // depend on what stands before and behind are left out.
                for before in 0...2 {
                    let text = (Data(count: before) + Data(bytes)).base64EncodedString()
                    let own = text.utf8.dropFirst(before == 0 ? 0 : before + 1)
                        .prefix { $0 != UInt8(ascii: "=") }.dropLast()
                    note(own)
                    note(own.map { $0 == UInt8(ascii: "+") ? 45 : $0 == UInt8(ascii: "/") ? 95 : $0 })  // - and _
                }
                let digits = Array("0123456789abcdef".utf8)
                let hex = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
                note(hex)
                note(hex.map { (97...102).contains($0) ? $0 - 32 : $0 })
            }
        }
    }

    private mutating func note(_ form: some Collection<UInt8>) {
        let length = min(form.count, VerificationText.commonBytes)
        guard length >= VerificationText.shortestSecret else { return }
        VerificationText.eachRun(of: Array(form), length) { traces[length, default: []].insert($0) }
    }

    /// Hashes every run of `length` bytes. Source of the hash: FNV-1a, 64 bits.
    private static func eachRun(of bytes: [UInt8], _ length: Int, _ body: (UInt64) -> Void) {
        guard bytes.count >= length else { return }
        for start in 0...bytes.count - length {
            body(bytes[start..<start + length].reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
        }
    }

    /// `outcome`, safe. `began` is when the probe began by our own clock.
    func clean(_ outcome: Verification, began: Date) -> Verification {
        var clean = outcome
        clean.checkedAt = began
        clean.steps = Verification.StepName.allCases.compactMap { name in
            outcome.steps.first { $0.name == name }.map(step)
        }
        clean.rights = Verification.Rights(
            held: rights(outcome.rights.held),
            missing: rights(outcome.rights.missing),
            excess: rights(outcome.rights.excess)
        )
        clean.expiry.at = outcome.expiry.at.flatMap(VerificationText.time)
        if clean.expiry.at == nil, outcome.expiry.at != nil { clean.expiry.source = .unknown }
        clean.rateBudget?.resetsAt = outcome.rateBudget?.resetsAt.flatMap(VerificationText.time)
        clean.realm = outcome.realm.flatMap(origin)
        clean.registryVersion = outcome.registryVersion.map { line($0) }
        clean.advice = outcome.advice.map { line($0) }
        return clean
    }

    private func step(_ step: Verification.Step) -> Verification.Step {
        var step = step
        step.detail = line(step.detail)
        step.code = step.code.flatMap { repeatsSecret($0) ? nil : VerificationText.code($0) }
        step.durationInMilliseconds = max(0, step.durationInMilliseconds)
        return step
    }

    private func rights(_ rights: [String]) -> [String] {
        rights.prefix(VerificationText.rightCount).map { line($0, limit: VerificationText.rightLimit) }
    }

    /// One line of at most `limit` scalars, without controls and without marks that turn the direction of writing.
    func line(_ text: String, limit: Int = lineLimit) -> String {
        guard !repeatsSecret(text) else { return VerificationText.withheld }
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(limit) {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: line.append(" ")
            case .format, .surrogate, .privateUse, .unassigned: continue
            default: line.append(scalar)
            }
        }
        return String(line)
    }

    /// `scheme://host[:port]`, or nothing.
    func origin(_ text: String) -> String? {
        guard !repeatsSecret(text) else { return nil }
        // A text that is no address is answered with nil, whatever the reason.
        guard let url = try? RegistryURL(text, plainHTTPHosts: plainHTTPHosts), url.description == text else {
            return nil
        }
        return text
    }

    /// A code of ours: kebab-case.
    private static func code(_ text: String) -> String? {
        guard (1...64).contains(text.utf8.count) else { return nil }
        return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 } ? text : nil
    }

    /// A moment that a date can be written for: after 1970 and before the year 10000.
    private static func time(_ time: Date) -> Date? {
        (0..<253_402_300_800).contains(time.timeIntervalSince1970) ? time : nil
    }

    /// Whether `text` has ``commonBytes`` bytes in a row in common with a form of the secret, or the whole of a short one.
    private func repeatsSecret(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        for (length, hashes) in traces {
            var isFound = false
            VerificationText.eachRun(of: bytes, length) { isFound = isFound || hashes.contains($0) }
            if isFound { return true }
        }
        return false
    }
}
