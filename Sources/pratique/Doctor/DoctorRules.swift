import Foundation
import Server

/// The judgements of `pratique doctor` that need no network.
enum DoctorRules {
    /// The time on both sides decides whether keys and certificates count as expired.
    static func clock(server: Date, here: Date) -> DoctorCheck {
        let difference = Int(here.timeIntervalSince(server).rounded())
        let distance = abs(difference)
        let words = "this clock is \(distance) s \(difference < 0 ? "behind" : "ahead of") the server's"
        let fix = "set the clock, for example: timedatectl set-ntp true"
        // The Date header has whole seconds, and the answer was on its way for some of them.
        if distance <= 5 { return DoctorCheck("clock", .passed, "the same as the server's, to a few seconds") }
        return DoctorCheck("clock", distance <= 60 ? .warning : .failed, words, fix: fix)
    }

    static func expiry(of key: UserProfile.CurrentKey?, now: Date) -> DoctorCheck {
        let fix = "pratique key create NAME, then pratique login"
        guard let key else { return DoctorCheck("key expiry", .warning, "the server does not say when it ends") }
        guard let text = key.expiresAt else {
            return DoctorCheck("key expiry", .warning, "the key never expires", fix: fix + ", and revoke this one")
        }
        guard let end = Timestamp.date(text) else {
            return DoctorCheck("key expiry", .warning, "the server says it ends \(text), which is no time")
        }
        let days = Int((end.timeIntervalSince(now) / 86_400).rounded(.down))
        if days < 0 { return DoctorCheck("key expiry", .failed, "it expired on \(text)", fix: fix) }
        let words = "it expires on \(text), in \(days) day\(days == 1 ? "" : "s")"
        return DoctorCheck("key expiry", days < 14 ? .warning : .passed, words, fix: fix)
    }

    static func version(serverHeader: String?) -> DoctorCheck {
        guard let serverHeader, serverHeader.hasPrefix("pratique/") else {
            return DoctorCheck(
                "version",
                .warning,
                "the answer does not name Pratique; something else may be in front of it",
                fix: "check --url"
            )
        }
        // RFC 9110 lets comments follow the product.
        let version = serverHeader.dropFirst("pratique/".count).prefix { $0 != " " }
        guard version != Release.version else { return DoctorCheck("version", .passed, "\(version) on both sides") }
        return DoctorCheck(
            "version",
            .warning,
            "the server is \(version), this is \(Release.version)",
            fix: "use a command line of the server's version"
        )
    }

    /// The file as it is on the disk; nil when the environment makes it unnecessary.
    static func profile(variables: [String: String]) -> DoctorCheck {
        do {
            let file = try ProfileFile(variables: variables)
            if try file.load() != nil { return DoctorCheck("profile", .passed, "\(file.path), for you alone") }
            let names = ["PRATIQUE_API_KEY", "PRATIQUE_API_KEY_FILE"]
            if names.contains(where: { ClientSettings.value($0, in: variables) != nil }) {
                return DoctorCheck("profile", .passed, "none, and none needed: the key is in the environment")
            }
            return DoctorCheck("profile", .failed, "\(file.path) does not exist", fix: "pratique login --url URL")
        } catch {
            return DoctorCheck("profile", failed: error)
        }
    }
}
