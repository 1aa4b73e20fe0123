import Foundation
import Registries
import TestSupport
import Testing

extension CanaryHunt {
    /// A registry that repeats what it was sent in everything that it says, in every form that it could have.
    static func echo() -> ScriptedRegistry {
        ScriptedRegistry { probe in
            let names = probe.publicFields.values.sorted()
            let basics = names.map { Data("\($0):\(probe.secret)".utf8).base64EncodedString() }
            let forms = [probe.secret, Data(probe.secret.utf8).base64EncodedString(), probe.secret + "\n"] + basics
            var outcome = Verification.scripted(
                probe.version % 2 == 0 ? .rejected : .excessive,
                realm: "https://\(probe.secret).example.com",
                advice: "you sent \(basics.first ?? probe.secret)"
            )
            for index in outcome.steps.indices {
                outcome.steps[index].detail = "said: \(forms[index % forms.count])"
                outcome.steps[index].code = probe.secret
            }
            outcome.rights = Verification.Rights(held: forms, missing: forms.reversed(), excess: forms)
            outcome.registryVersion = "Harbor v\(probe.secret)"
            return outcome
        }
    }

    /// Probes in every way that there is, each with a secret of its own; the registry repeats them all.
    func feedProbes(_ server: RunningServer) async throws {
        for kind in RunningServer.kinds {
            let (admin, first) = (server.admin, server.first)
            let collection = CredentialPath.collection(kind, first.organization)
            func body(_ place: String) -> TestJSON {
                RunningServer.storeBody(
                    kind,
                    project: first.project,
                    secret: secret("\(kind) \(place)"),
                    label: "probed"
                )
            }
            let stored = try await send(admin, "POST", collection, body("probed after a store"), expecting: 201)
            let item = "\(collection)/\(try stored.created())"
            let waited = try await send(
                admin,
                "POST",
                "\(collection)?verify=wait",
                body("probed before a store"),
                expecting: 201
            )
            #expect(waited["x-pratique-verification"] == "excessive")
            let demanded = try await send(admin, "POST", "\(item)/verify", expecting: 200)
            #expect(demanded.text.contains("withheld"), "the registry's words were not looked through: \(demanded)")
            let refused = RunningServer.rotateBody(kind, secret: secret("\(kind) refused at rotation"))
            _ = try await send(admin, "POST", "\(item)/rotate?verify=wait", refused, expecting: 400)
            let rotated = RunningServer.rotateBody(kind, secret: secret("\(kind) probed after a rotation"))
            _ = try await send(admin, "POST", "\(item)/rotate", rotated, expecting: 200)
            let isProbed = try await eventually {
                try await send(admin, "GET", item, expecting: 200).json["verification"]["state"] == "rejected"
            }
            #expect(isProbed)
            let approval: TestJSON = ["approveRealm": .string(secret("\(kind) as a realm"))]
            _ = try await send(admin, "POST", "\(item)/verify", approval, expecting: 400)
            _ = try await send(admin, "GET", "\(item)/verification", expecting: 200)
            let query = CanarySecret.letters(secret("\(kind) verify"))
            _ = try await send(admin, "POST", "\(collection)?verify=\(query)", body("wrong verify"), expecting: 400)
        }
        let health = "/organization/\(server.first.organization)/credentials/health"
        _ = try await send(server.admin, "GET", health, expecting: 200)
    }
}
