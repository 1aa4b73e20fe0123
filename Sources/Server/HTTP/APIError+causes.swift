import HTTPTypes
import Hummingbird
import Registries
import Sealing
import Storage

extension APIError {
    /// The one table from what the targets throw to what a client is told. What is not in it is a 500 whose text only the log
    /// has.
    init(_ error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as StorageError: self.init(storage: error)
        case let error as SealingError: self.init(sealing: error)
        case let error as RegistryError: self.init(registry: error)
        case let error as any HTTPResponseError: self.init(hummingbird: error)
        default: self = .internalError(cause: String(reflecting: error))
        }
    }

    static func internalError(cause: String) -> APIError {
        APIError(
            status: .internalServerError,
            code: .internalError,
            message: "something went wrong on our side",
            hint: "The log has the reason under the request id",
            cause: cause
        )
    }

    private init(storage error: StorageError) {
        switch error.code {
        case .unavailable, .corrupt:
            self.init(
                status: .serviceUnavailable,
                code: .storageUnavailable,
                message: "the database cannot be used right now; nothing was changed",
                hint: "The disk may be full or read-only; the log has the reason",
                retryAfter: 5,
                cause: error.message
            )
        case .overloaded:
            self.init(
                status: .serviceUnavailable,
                code: .overloaded,
                message: "too many writes are waiting; nothing was changed",
                retryAfter: 1,
                cause: error.message
            )
        case .uniqueViolation, .foreignKeyViolation:
            // Routes tell the conflicts that they expect in their own words; this is one that came in between.
            self.init(
                status: .conflict,
                code: .conflict,
                message: "another request changed this at the same time; nothing was changed",
                hint: "Read it again and repeat the request",
                cause: error.message
            )
        default: self = .internalError(cause: error.message)
        }
    }

    private init(sealing error: SealingError) {
        switch error.code {
        case .unknownKey, .doesNotOpen, .damagedEnvelope:
            self.init(
                status: .serviceUnavailable,
                code: .credentialUnreadable,
                message: "the stored secret cannot be opened with the root keys of this server",
                hint:
                    "It is read-only until the server is started with the root key that sealed it; see docs/operating.md",
                cause: error.message
            )
        default: self = .internalError(cause: error.message)
        }
    }

    private init(hummingbird error: any HTTPResponseError) {
        switch error.status {
        case .notFound: self = .notFound("path")
        case .contentTooLarge: self = .bodyTooLarge()
        case .badRequest:
            self.init(
                status: .badRequest,
                code: .validationFailed,
                message: "the request cannot be understood",
                cause: String(reflecting: error)
            )
        default: self = .internalError(cause: String(reflecting: error))
        }
    }
}
