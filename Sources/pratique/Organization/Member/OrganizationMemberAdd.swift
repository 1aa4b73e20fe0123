import ArgumentParser

/// `pratique organization member add`.
struct OrganizationMemberAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Take a new or an existing user into the organization.",
        discussion: """
            A name makes a new user; the id of a user takes that one in.

            EXAMPLES
              A new colleague, with a first key to hand over:
                $ pratique organization member add ada --email ada@example.org \\
                    --role member --issue-key

              Somebody who has an account already:
                $ pratique organization member add \\
                    0198c0de-0000-7000-8000-000000000003 --role manager
            """
    )

    @Argument(help: ArgumentHelp("A name for the new user, or the id of an existing one.", valueName: "name or id"))
    var user: String

    @Option(help: "The address of a new user.")
    var email: String?

    @Option(help: "What they may do.")
    var role: OrganizationRole

    @Flag(help: "Make a key for a new user, and print it once.")
    var issueKey = false

    @OptionGroup(title: "Server options") var server: ServerOptions

    func validate() throws {
        guard ResourceID(user) != nil, email != nil || issueKey else { return }
        throw ValidationError("--email and --issue-key are for a new user, not for the id of an existing one")
    }

    func run() async throws {
        try await server.withSession { session in
            let path = APIPath("organization", "\(try await session.organization())", "members")
            var body = JSONValue.fields(["role": role.rawValue])
            if let id = ResourceID(user) {
                body = body.adding("userId", .string("\(id)"))
            } else {
                body = JSONValue.fields(["role": role.rawValue, "name": user, "email": email])
                if issueKey { body = body.adding("issueKey", .bool(true)) }
            }
            try session.show(try await session.client.send(.create(path, body)).decoded() as Received<Member>)
        }
    }
}
