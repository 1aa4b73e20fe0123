import Storage
import Tenancy
import Testing

@testable import Server

/// What waits for its first probe is taken in turns by organization.
@Suite struct FreshCredentialsTests {
    @Test func organizationsTakeTurnsAndEachKeepsItsOrder() {
        let (one, two, three) = (OrganizationID(), OrganizationID(), OrganizationID())
        let ids = (0..<7).map { _ in CredentialID() }
        var fresh = FreshCredentials()
        for id in ids[0..<4] { fresh.add(id, of: one) }
        for id in ids[4..<6] { fresh.add(id, of: two) }
        fresh.add(ids[6], of: three)
        #expect(fresh.count == 7)
        #expect(fresh.take(2) == [ids[0], ids[4]])
        #expect(fresh.take(3) == [ids[6], ids[1], ids[5]])
        #expect(fresh.take(10) == [ids[2], ids[3]])
        #expect(fresh.count == 0 && fresh.take(1) == [])
    }

    @Test func anOrganizationThatWasServedMayComeAgain() {
        let (one, two) = (OrganizationID(), OrganizationID())
        let ids = (0..<3).map { _ in CredentialID() }
        var fresh = FreshCredentials()
        fresh.add(ids[0], of: one)
        #expect(fresh.take(1) == [ids[0]])
        fresh.add(ids[1], of: two)
        fresh.add(ids[2], of: one)
        #expect(fresh.take(0) == [] && fresh.take(2) == [ids[1], ids[2]])
    }
}
