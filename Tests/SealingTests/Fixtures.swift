import Foundation
import Sealing
import Testing

extension SealingContext {
    /// A place like any other; every argument that is given moves it elsewhere.
    static func place(
        organization: String = "01890a5d-ac96-774b-bcce-b302099a8057",
        credential: String = "01890a5d-ac96-774b-bcce-b302099a8058",
        kind: String = "harbor",
        version: Int64 = 7
    ) throws -> SealingContext {
        SealingContext(
            organization: try #require(UUID(uuidString: organization)),
            credential: try #require(UUID(uuidString: credential)),
            kind: kind,
            version: version
        )
    }
}

extension SecretBundle {
    /// A bundle with one field `password`.
    static func password(_ text: String) -> SecretBundle { SecretBundle([("password", Secret(text))]) }
}

/// The code of the ``SealingError`` that `body` throws; nil when it succeeds. Any other error is the test's failure.
func failure<Result>(of body: () throws -> Result) throws -> SealingError.Code? {
    do {
        _ = try body()
        return nil
    } catch let error as SealingError {
        return error.code
    }
}
