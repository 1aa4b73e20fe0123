import Registries
import Sealing
public import Storage

/// Why a scan cannot begin, for whoever opens its credential.
public struct ScanRefused: Error, Sendable, Equatable {
    /// What the scan tells.
    public let failure: ScanFailure

    /// A refusal that tells `failure`.
    public init(_ failure: ScanFailure) { self.failure = failure }
}

extension ScanFailure {
    private init(_ category: Category, _ code: String, status: Int? = nil, hint: String?, _ message: String) {
        self.init(category: category, code: code, upstreamStatus: status, hint: hint, message: message)
    }

    /// What the scan tells of the error that ended it; nil when the error is none of the scan's and another attempt may go well.
    init?(_ error: any Error) {
        switch error {
        case let error as ScanRefused: self = error.failure
        case let error as RegistryError: self.init(registry: error)
        case let error as ScanError: self.init(scan: error)
        case let error as SealingError:
            self.init(
                .authentication,
                "credential-unreadable",
                hint: "Give the server the root key that sealed the credential, or rotate its secret",
                error.message
            )
        case is StorageError, is CancellationError: return nil
        default:
            self.init(
                .unknown,
                "internal-error",
                hint: "The server's log tells more",
                "the scan failed inside Pratique"
            )
        }
    }

    private init(registry error: RegistryError) {
        let (category, hint) = ScanFailure.advice[error.code] ?? (.api, "Start the scan again")
        self.init(
            category,
            error.code.description,
            status: error.upstream?.status,
            hint: error.hint ?? hint,
            error.message
        )
    }

    private init(scan error: ScanError) {
        let code =
            switch error.code {
            case .platformNotFound: RegistryError.Code.platformNotFound.description
            case .contentMismatch: RegistryError.Code.digestMismatch.description
            default: RegistryError.Code.notAnImage.description
            }
        self.init(.scan, code, hint: error.hint ?? "Check the image's name, its tag and its platform", error.message)
    }

    /// What kind of trouble each is, and what helps where the error does not know better.
    private static let advice: [RegistryError.Code: (Category, String)] = [
        .authenticationFailed: (.authentication, "Verify the credential; rotate its secret if the registry refuses it"),
        .credentialExpired: (.authentication, "Make a new secret at the registry and rotate the credential"),
        .insufficientScope: (.authentication, "Give the account the right to pull the image"),
        .excessiveRights: (.authentication, "Use an account that may only list and pull"),
        .realmChanged: (.authentication, "Verify the credential again and approve its token service, if it is right"),
        .unreachable: (.network, "Check the registry's address, and that this server may connect to it"),
        .timeout: (.network, "Start the scan again later"),
        .tlsUntrusted: (.network, "A registry with a CA of its own needs that CA's certificate in its credential"),
        .addressForbidden: (.network, "Whoever runs this server decides which addresses it may reach"),
        .rateLimited: (.api, "Start the scan again when the registry's pause is over"),
        .policyBlocked: (.api, "The registry's own policy blocks this image"),
        .projectNotFound: (.api, "Check the project's name, and what the account may see"),
        .repositoryNotFound: (.api, "Check the image's name, and what the account may see"),
        .tagNotFound: (.api, "Check the tag"),
        .platformNotFound: (.scan, "Ask for a platform that the image has"),
        .notAnImage: (.scan, "Ask for a container image"),
        .digestMismatch: (.scan, "The content is damaged in the registry or on its way; push the image again"),
        .upstreamMisbehaved: (.api, "Check that the address is that of a registry, and of nothing in front of it"),
        .upstreamFailed: (.api, "Start the scan again later"),
        .unsupported: (.api, "The registry does not offer what a scan needs"),
    ]

    /// Every attempt lost its worker.
    static let workersDied = ScanFailure(
        .scan,
        "workers-died",
        hint: "The image may take more memory than this server has; its log tells more",
        "each worker that tried ended without a word"
    )

    /// It took longer than any scan may.
    static let overdue = ScanFailure(
        .network,
        "scan-timeout",
        hint: "The registry may be too slow for an image of this size",
        "the scan took longer than \(Int(ScanWorkLimits.scan / 3_600)) hours"
    )
}
