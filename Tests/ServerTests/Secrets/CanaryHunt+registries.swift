import TestSupport
import Testing

extension CanaryHunt {
    /// What goes out to registries does not come back from there, neither when they take it nor when they refuse it.
    func feedRegistries(_ server: RunningServer, _ registries: StubRegistries) async throws {
        let (admin, first) = (server.admin, server.first)
        let right = try secrets["registry accounts"].found("secret of the registries")
        for kind in RunningServer.kinds {
            let repository = StubRegistries.repositories[kind]?.inPath ?? ""
            for (secret, status) in [(right.text, 200), (secret("\(kind) refused by its registry"), 502)] {
                let body = registries.storeBody(kind, project: first.project, secret: secret)
                let collection = CredentialPath.collection(kind, first.organization)
                let id = try await send(admin, "POST", collection, body, expecting: 201).created()
                _ = try await send(admin, "POST", "\(collection)/\(id)/verify", expecting: 200)
                let root = "/integrations/\(kind)/container-registry/project/\(first.project)"
                for list in ["images", "images/\(repository)/tags"] {
                    let path =
                        kind == "dockerhub"
                        ? "\(root)/\(list)?credentialId=\(id)" : "\(root)/credentials/\(id)/\(list)"
                    _ = try await send(admin, "GET", path, expecting: status)
                }
            }
        }
        // The search must have something to find: the registries were really sent the secret.
        #expect(!right.traces(in: registries.wire).isEmpty)
    }
}
