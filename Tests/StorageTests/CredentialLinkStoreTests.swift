import Foundation
import Registries
import Storage
import Tenancy
import TestSupport
import Testing

/// Which projects may use which credentials.
@Suite struct CredentialLinkStoreTests {
    @Test func linkedCredentialIsFoundInItsProjectsOnly() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let projects = world.home.projects.map(\.id)
            let credential = try world.storeCredential(of: world.home, in: session)
            let other = try world.storeCredential(of: world.home, kind: .oci, in: session)
            let links = CredentialLinkStore(session)
            try links.insert(credential, project: projects[0], at: .sample)
            try links.insert(credential, project: projects[0], at: .sample + 1)
            try links.insert(other, project: projects[1], at: .sample)
            let store = CredentialStore(session)
            #expect(try store.find(credential.id, kind: .harbor, linkedTo: projects[0]) == credential)
            #expect(try store.find(credential.id, kind: .oci, linkedTo: projects[0]) == nil)
            #expect(try store.find(credential.id, kind: .harbor, linkedTo: projects[1]) == nil)
            let first = try store.list(linkedTo: projects[0], kind: nil, page: .first)
            #expect(first.items == [credential] && first.total == 1)
            #expect(try store.list(linkedTo: projects[0], kind: .harbor, page: .first).total == 1)
            #expect(try store.list(linkedTo: projects[0], kind: .oci, page: .first).total == 0)
            #expect(try store.list(linkedTo: projects[2], kind: nil, page: .first).items.isEmpty)
        }
    }

    @Test func projectsOfSeveralCredentialsComeAtOnce() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let projects = world.home.projects.map(\.id).sorted { $0.description < $1.description }
            let links = CredentialLinkStore(session)
            let many = try (0..<3).map { _ in try world.storeCredential(of: world.home, in: session) }
            for project in projects { try links.insert(many[0], project: project, at: .sample) }
            try links.insert(many[1], project: projects[2], at: .sample)
            #expect(try links.projects(of: many[0].id) == projects)
            #expect(try links.projects(of: many[2].id) == [])
            #expect(try links.projects(of: many.map(\.id)) == [many[0].id: projects, many[1].id: [projects[2]]])
            #expect(try links.projects(of: [] as [CredentialID]) == [:])
        }
    }

    @Test func replaceLeavesExactlyTheGivenProjects() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let projects = world.home.projects.map(\.id)
            let links = CredentialLinkStore(session)
            let credential = try world.storeCredential(of: world.home, in: session)
            let other = try world.storeCredential(of: world.home, in: session)
            try links.insert(other, project: projects[0], at: .sample)
            let sets = [
                [projects[0]], [projects[0], projects[1]], [projects[2]], [], projects, projects + projects,
            ]
            for wanted in sets {
                try links.replace(credential, projects: wanted, at: .sample)
                #expect(Set(try links.projects(of: credential.id)) == Set(wanted))
            }
            #expect(try links.projects(of: other.id) == [projects[0]])
        }
    }
}
