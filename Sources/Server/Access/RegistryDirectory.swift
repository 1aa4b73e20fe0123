import Registries

/// Gives the client of each registry kind; built once in build.swift.
struct RegistryDirectory: Sendable {
    private let clients: @Sendable (RegistryKind) -> any Registry

    init(_ clients: @escaping @Sendable (RegistryKind) -> any Registry) { self.clients = clients }

    /// What asks registries of this kind.
    func registry(of kind: RegistryKind) -> any Registry { clients(kind) }
}
