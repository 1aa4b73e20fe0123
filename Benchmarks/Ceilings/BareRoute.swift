import ArgumentParser
import Foundation
import HTTPTypes
import Hummingbird

/// `ceilings route`: the HTTP server and the JSON of a store and a get, with nothing behind them.
///
/// The server is made as Pratique's is: Hummingbird on the shared event loops, one for each core.
struct BareRoute: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route",
        abstract: "Serve one POST and one GET that answer like a store and a get, and keep nothing."
    )

    @Option(help: "Port on 127.0.0.1.")
    var port: Int

    func run() async throws {
        let router = Router()
        router.post("credentials") { request, context in
            let stored = try await request.decode(as: StoreBody.self, context: context)
            return EditedResponse(status: .created, response: CredentialBody(stored))
        }
        let credential = CredentialBody(StoreBody.example)
        router.get("credentials/{id}") { _, _ in credential }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port))
        )
        try await application.runService()
    }
}

/// What a client sends to store a Harbor credential.
private struct StoreBody: Decodable {
    let projectId: String
    let harborUrl: String
    let harborProject: String
    let username: String
    let password: String
    let description: String?

    static let example = StoreBody(
        projectId: "097bbbf4-d1eb-4512-9950-684445279808",
        harborUrl: "https://harbor.example.com",
        harborProject: "library",
        username: "robot$library+deploy",
        password: "",
        description: "Production Harbor registry"
    )
}

/// The documented answer to it.
private struct CredentialBody: ResponseEncodable {
    let id: String
    let harborUrl: String
    let harborProject: String
    let username: String
    let description: String?
    let createdAt: String

    init(_ stored: StoreBody) {
        id = "a1b2c3d4-e5f6-4890-abcd-ef1234567890"
        harborUrl = stored.harborUrl
        harborProject = stored.harborProject
        username = stored.username
        description = stored.description
        createdAt = "2026-01-01T00:00:00.000Z"
    }
}
