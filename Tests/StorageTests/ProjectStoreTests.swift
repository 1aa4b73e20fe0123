import Foundation
import Storage
import Tenancy
import TestSupport
import Testing

@Suite struct ProjectStoreTests {
    @Test func projectComesBackChangedAndGoes() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = ProjectStore(session)
            var project = world.home.projects[0]
            #expect(try store.find(project.id) == project)
            #expect(try store.exists(project.id, in: world.home.organization.id))
            #expect(try !store.exists(project.id, in: world.away.organization.id))
            project.name = "Renamed"
            project.description = nil
            project.updatedAt = .sample + 1
            try store.update(project)
            #expect(try store.find(project.id) == project)
            try store.delete(project.id)
            #expect(try store.find(project.id) == nil)
            #expect(try !store.exists(project.id, in: world.home.organization.id))
        }
    }

    /// Names are unique in an organization, not beyond it.
    @Test func nameIsTakenOnceInAnOrganization() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = ProjectStore(session)
            let twin = Project.sample(in: world.home.organization.id, name: "Project 1")
            #expect(try failure(inSession: { try store.insert(twin) }) == .uniqueViolation)
            var second = world.home.projects[1]
            second.name = "Project 1"
            #expect(try failure(inSession: { try store.update(second) }) == .uniqueViolation)
            #expect(try store.find(second.id) == world.home.projects[1])
        }
    }

    @Test func listIsNarrowedToMembershipsAndToTheKey() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = ProjectStore(session)
            let home = world.home.organization.id
            let ids = world.home.projects.map(\.id)
            let user = world.home.user.id
            func list(_ member: UserID?, _ narrowed: Set<ProjectID>?) throws -> Set<ProjectID> {
                let page = try store.list(in: home, member: member, narrowed: narrowed, page: .first)
                #expect(page.total == page.items.count)
                return Set(page.items.map(\.id))
            }
            #expect(try list(nil, nil) == Set(ids))
            #expect(try list(user, nil) == [])
            for project in world.home.projects.prefix(2) {
                try ProjectMemberStore(session).insert(user, in: project, role: .developer, at: .sample)
            }
            #expect(try list(user, nil) == Set(ids.prefix(2)))
            #expect(try list(nil, []) == [])
            #expect(try list(nil, [ids[2], ProjectID()]) == [ids[2]])
            #expect(try list(user, [ids[0], ids[2]]) == [ids[0]])
            #expect(try list(nil, Set(world.away.projects.map(\.id))) == [])
        }
    }

    @Test func projectMembersHaveOneRoleEach() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = ProjectMemberStore(session)
            let (project, user) = (world.home.projects[0], world.home.user)
            #expect(try store.find(user.id, in: project.id) == nil)
            #expect(try !store.setRole(.analyst, of: user.id, in: project.id))
            try store.insert(user.id, in: project, role: .developer, at: .sample)
            let member = ProjectMember(user: user, role: .developer, createdAt: .sample)
            #expect(try store.find(user.id, in: project.id) == member)
            #expect(
                try failure(inSession: { try store.insert(user.id, in: project, role: .manager, at: .sample) })
                    == .uniqueViolation
            )
            #expect(try store.setRole(.analyst, of: user.id, in: project.id))
            let list = try store.list(in: project.id, page: .first)
            #expect(list.items.map(\.role) == [.analyst] && list.total == 1)
            #expect(try store.list(in: world.home.projects[1].id, page: .first).total == 0)
            #expect(try store.delete(user.id, from: project.id))
            #expect(try !store.delete(user.id, from: project.id))
        }
    }
}
