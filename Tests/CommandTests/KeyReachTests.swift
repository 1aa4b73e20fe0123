import Foundation
import Testing

@testable import pratique

@Suite struct KeyReachTests {
    static let id = "0198c0de-0000-7000-8000-000000000001"

    // No projects mean all of them, unless the key was narrowed to some that are gone.
    @Test(arguments: [
        ("[]", "false", "all"), ("[]", "true", "none"), ("[\"\(id)\"]", "true", "1"),
    ])
    func keyNarrowedToRemovedProjectsIsNotShownAsFree(projects: String, narrowed: String, shown: String) throws {
        let json = """
            {"id":"\(Self.id)","name":"ci","projectIds":\(projects),"narrowedToProjects":\(narrowed),"permissions":[]}
            """
        let key = try JSONDecoder().decode(Key.self, from: Data(json.utf8))
        #expect(key.row.last == shown)
        let current = try JSONDecoder().decode(UserProfile.CurrentKey.self, from: Data(json.utf8))
        #expect(current.reach.contains("in no project") == (shown == "none"))
    }
}
