import Foundation

/// The published API that is kept as the contract. It lies beside the repository and is not part of it.
public enum PublishedAPI {
    private static let path = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/reference/published-api.json").path

    /// Whether it is there.
    public static var isPresent: Bool { FileManager.default.fileExists(atPath: path) }

    /// What a test says that is disabled without it.
    public static let absence = "the published contract (../shared/reference/published-api.json) is not on this machine"

    /// The contract. What Pratique adds is additive, so answers may have further members.
    public static func load() throws -> APIContract {
        APIContract(try TestJSON(Data(contentsOf: URL(fileURLWithPath: path))), allowsUnknownMembers: true)
    }
}
