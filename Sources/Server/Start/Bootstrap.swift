import Foundation
import Storage
import Tenancy

/// The first start: one administrator, one organization, one project, and the first API key, shown once.
struct Bootstrap: Sendable {
    let database: any Database

    /// What was made; `key` is the only copy of the key's text.
    struct Outcome: Sendable {
        let organization: OrganizationID
        let project: ProjectID
        let key: APIKeyText
    }

    /// Whether anybody has been made yet.
    func isNeeded() async throws -> Bool {
        try await database.read { session in try UserStore(session).isEmpty() }
    }

    /// Makes everything in one transaction. `deliver` gets the key before it: when the key cannot be delivered, nothing is made.
    func run(deliver: (Outcome) throws -> Void, undo: () -> Void) async throws -> Outcome {
        let now = Date()
        let user = User(id: UserID(), name: "administrator", email: nil, createdAt: now)
        let organization = Organization(id: OrganizationID(), name: "My organization", createdAt: now, updatedAt: now)
        let project = Project(
            id: ProjectID(),
            organization: organization.id,
            name: "default",
            description: nil,
            createdAt: now,
            updatedAt: now
        )
        let issued = IssuedKey.make(for: user.id, name: "first key", scope: .unlimited, expiresAt: nil, now: now)
        let outcome = Outcome(organization: organization.id, project: project.id, key: issued.text)
        try deliver(outcome)
        do {
            try await database.write { session in
                try UserStore(session).insert(user)
                try OrganizationStore(session).insert(organization)
                try OperatingOrganizationStore(session).insert(organization.id)
                try MemberStore(session).insert(user.id, in: organization.id, role: .administrator, at: now)
                try ProjectStore(session).insert(project)
                _ = try issued.insert(session)
            }
        } catch {
            undo()
            throw error
        }
        return outcome
    }
}

/// Where the first key is shown: a terminal, or a new file of mode 0600.
enum KeyDelivery: Sendable {
    case terminal
    case file(String)

    /// The file where the settings name one, else the terminal that standard output is. Throws when there is neither: a key in
    /// a log would not be a secret.
    init(_ settings: ServerSettings) throws {
        if let path = settings.bootstrapKeyFile {
            self = .file(path)
        } else if isatty(1) == 1 {
            self = .terminal
        } else {
            throw StartError(
                """
                this is the first start, and there is no terminal to show the first API key on; \
                give --bootstrap-key-file FILE
                """
            )
        }
    }

    func deliver(_ outcome: Bootstrap.Outcome) throws {
        switch self {
        case .terminal:
            let text = """

                Welcome to Pratique. This key is shown once; it does everything:

                    \(outcome.key.reveal())

                    organization  \(outcome.organization)
                    project       \(outcome.project)

                Keep it with: pratique login


                """
            FileHandle.standardOutput.write(Data(text.utf8))
        case .file(let path):
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw StartError("the bootstrap key file \(path) cannot be made: \(String(cString: strerror(errno)))")
            }
            defer { close(descriptor) }
            let bytes = Array((outcome.key.reveal() + "\n").utf8)
            guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
                undo()
                throw StartError("the bootstrap key file \(path) cannot be written")
            }
        }
    }

    /// Takes a delivered file back.
    func undo() {
        if case .file(let path) = self { unlink(path) }
    }
}
