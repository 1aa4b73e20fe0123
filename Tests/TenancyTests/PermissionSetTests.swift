import Tenancy
import Testing

@Suite struct PermissionSetTests {
    @Test func allHoldsEveryPermissionAndNoMore() {
        #expect(PermissionSet.all.permissions == Permission.allCases)
        #expect(PermissionSet.all.rawValue == 0b11111)
        #expect(PermissionSet([]).permissions.isEmpty)
    }

    /// The bits stand in the database, so they never change their meaning.
    @Test(arguments: zip(Permission.allCases, [1, 2, 4, 8, 16] as [UInt8]))
    func permissionKeepsItsBit(permission: Permission, bit: UInt8) {
        #expect(PermissionSet(permission).rawValue == bit)
        #expect(PermissionSet(rawValue: bit).permissions == [permission])
    }

    @Test func everySetComesBackFromItsPermissions() {
        for bits in 0...PermissionSet.all.rawValue {
            let set = PermissionSet(rawValue: bits)
            #expect(PermissionSet(set.permissions.map { PermissionSet($0) }) == set)
        }
    }

    @Test func bitsOfNoPermissionAllowNothing() {
        #expect(PermissionSet(rawValue: 0b1110_0000).permissions.isEmpty)
    }
}
