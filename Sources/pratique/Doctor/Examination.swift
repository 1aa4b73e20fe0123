import Foundation
import Sealing

/// Looks at everything between this machine and a working command, and goes on after a failure as far as that makes sense.
struct Examination {
    let options: ConnectionOptions
    let variables: [String: String]
    private(set) var checks: [DoctorCheck] = []

    init(options: ConnectionOptions, variables: [String: String]) {
        self.options = options
        self.variables = variables
    }

    mutating func run() async {
        checks.append(DoctorRules.profile(variables: variables))
        let settings: ClientSettings
        do {
            settings = try ClientSettings(options: options, variables: variables)
        } catch {
            // A profile that cannot be read has been reported already.
            if checks.allSatisfy({ $0.verdict != .failed }) { checks.append(DoctorCheck("settings", failed: error)) }
            return
        }
        checks.append(address(settings))
        guard await server(settings) else { return }
        await key(settings)
    }

    private func address(_ settings: ClientSettings) -> DoctorCheck {
        let address = settings.address
        if address.isEncrypted { return DoctorCheck("address", .passed, "\(address)") }
        if address.protectsKey { return DoctorCheck("address", .passed, "\(address), on this machine without TLS") }
        let fix = "serve it with TLS and use https://"
        let words = "\(address) has no TLS: everybody on the way can read the key"
        return DoctorCheck("address", settings.insecureHTTP ? .warning : .failed, words, fix: fix)
    }

    /// Asks without the key whether the server is there. Returns whether it is.
    private mutating func server(_ settings: ClientSettings) async -> Bool {
        do {
            let answer = try await APIClient.withClient(settings, key: nil) { client in
                try await client.answer(to: .get(APIPath("readyz")))
            }
            let received = Date()
            checks.append(DoctorCheck("reachable", .passed, "it answers"))
            if settings.address.isEncrypted { checks.append(DoctorCheck("TLS", .passed, "the certificate is trusted")) }
            checks.append(ready(answer))
            checks.append(DoctorRules.version(serverHeader: answer.header("server")))
            if let date = answer.header("date").flatMap(Timestamp.date(header:)) {
                checks.append(DoctorRules.clock(server: date, here: received))
            } else {
                checks.append(DoctorCheck("clock", .warning, "the server does not tell its time"))
            }
            return true
        } catch let failure as CommandFailure where failure.isAboutTrust {
            checks.append(DoctorCheck("reachable", .passed, "it answers"))
            let fix = "--ca-certificate FILE, if the CA is yours"
            checks.append(DoctorCheck("TLS", .failed, failure.message, fix: fix))
        } catch {
            checks.append(DoctorCheck("reachable", failed: error, fix: "start the server, or correct --url"))
        }
        return false
    }

    private func ready(_ answer: APIAnswer) -> DoctorCheck {
        switch answer.status {
        case 200: DoctorCheck("ready", .passed, "/readyz says so")
        case 503: DoctorCheck("ready", .failed, "/readyz says it is not", fix: "look into the server's log")
        default: DoctorCheck("ready", .failed, "/readyz answered \(answer.status)", fix: "is --url a Pratique server?")
        }
    }

    private mutating func key(_ settings: ClientSettings) async {
        guard let key = settings.key else {
            checks.append(DoctorCheck("key", .failed, "there is none", fix: "pratique login --url \(settings.address)"))
            return
        }
        do {
            let profile: UserProfile = try await APIClient.withClient(settings, key: key) { client in
                try await client.send(.get(APIPath("user", "profile"))).decoded()
            }
            checks.append(DoctorCheck("key", .passed, "it is valid, for \(profile.name)"))
            checks.append(DoctorRules.expiry(of: profile.apiKey, now: Date()))
        } catch {
            checks.append(DoctorCheck("key", failed: error))
        }
    }
}
