"""Tables, databases and caches in drafts: what is read, and what is told where a file is silent."""

from pathlib import Path

from tests.exchange.drafting import FRANKFURT, IRELAND, VIRGINIA, of_plan, of_template, said, todos
from tests.exchange.plans import resource

# tables


def test_units_indexes_and_recovery_of_a_table_are_read(tmp_path: Path) -> None:
    found = of_template(
        """
        Resources:
          Orders:
            Type: AWS::DynamoDB::Table
            Properties:
              TableName: orders
              ProvisionedThroughput: {WriteCapacityUnits: 50, ReadCapacityUnits: 100}
              GlobalSecondaryIndexes: [{IndexName: a}, {IndexName: b}]
              PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7}
        """,
        tmp_path,
    )
    assert said(found)["tables"]["orders"] == {
        "replicas": [IRELAND],
        "capacity": {"provisioned": {"write": "50/s", "read": "100/s"}},
        "point_in_time_recovery": {"window": "7 d"},
        "secondary_indexes": 2,
    }


def test_a_strong_table_has_its_witness_and_recovery_where_it_is_on(tmp_path: Path) -> None:
    found = of_template(
        """
        Resources:
          Orders:
            Type: AWS::DynamoDB::GlobalTable
            Properties:
              BillingMode: PAY_PER_REQUEST
              MultiRegionConsistency: STRONG
              GlobalTableWitnesses: [{Region: eu-west-2}]
              Replicas:
                - {Region: eu-west-1, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}}
                - {Region: eu-central-1}
        """,
        tmp_path,
    )
    table = said(found)["tables"]["Orders"]
    assert table["replicas"] == [IRELAND, FRANKFURT]
    assert (table["consistency"], table["witness"]) == ("strong", "eu-west-2")
    assert table["point_in_time_recovery"] == {"regions": [IRELAND]}


def test_a_replica_that_is_a_resource_of_its_own_is_the_tables(tmp_path: Path) -> None:
    found = of_plan(
        [
            resource("aws_dynamodb_table", "orders", {"name": "orders", "billing_mode": "PAY_PER_REQUEST"}),
            resource(
                "aws_dynamodb_table_replica",
                "us",
                {"point_in_time_recovery": True},
                {"global_table_arn": ["aws_dynamodb_table.orders.arn"]},
                provider="aws.us",
            ),
        ],
        tmp_path,
        us=VIRGINIA,
    )
    table = said(found)["tables"]["orders"]
    assert table["replicas"] == [IRELAND, VIRGINIA]
    assert table["point_in_time_recovery"] == {"regions": [VIRGINIA]}
    assert "nothing that copies items" not in found.text


def test_tables_of_one_name_that_nothing_joins_are_told(tmp_path: Path) -> None:
    table = {"name": "orders", "billing_mode": "PROVISIONED"}
    found = of_plan(
        [
            resource("aws_dynamodb_table", "eu", table),
            resource("aws_dynamodb_table", "us", table, provider="aws.us"),
        ],
        tmp_path,
        us=VIRGINIA,
    )
    assert "nothing that copies items between them" in todos(found)
    assert "it is provisioned, and its units are not in the file" in todos(found)


def test_what_the_checks_find_is_told_at_its_line(tmp_path: Path) -> None:
    found = of_template(
        """
        Resources:
          Orders:
            Type: AWS::DynamoDB::GlobalTable
            Properties:
              BillingMode: PAY_PER_REQUEST
              MultiRegionConsistency: STRONG
              Replicas: [{Region: eu-west-1}, {Region: eu-central-1}]
        """,
        tmp_path,
    )
    assert not found.valid
    lines = found.text.splitlines()
    at = next(number for number, line in enumerate(lines) if "a strong table has three replicas" in line)
    assert next(line for line in lines[at:] if "#" not in line.split()[0]).strip().startswith("replicas:")


# other stores


def test_databases_have_their_writer_and_readers(tmp_path: Path) -> None:
    found = of_plan(
        [
            resource("aws_db_instance", "main", {"identifier": "ledger", "backup_retention_period": 7}),
            resource(
                "aws_db_instance",
                "copy",
                {"identifier": "ledger-copy"},
                {"replicate_source_db": ["aws_db_instance.main.arn"]},
                provider="aws.us",
            ),
            resource(
                "aws_elasticache_global_replication_group",
                "all",
                {"global_replication_group_id_suffix": "sessions"},
                {"primary_replication_group_id": ["aws_elasticache_replication_group.us.id"]},
            ),
            resource(
                "aws_elasticache_replication_group",
                "eu",
                {},
                {
                    "global_replication_group_id": [
                        "aws_elasticache_global_replication_group.all.global_replication_group_id"
                    ]
                },
            ),
            resource("aws_elasticache_replication_group", "us", {}, provider="aws.us"),
        ],
        tmp_path,
        us=VIRGINIA,
    )
    assert said(found)["databases"] == {
        "sessions": {"engine": "global_datastore", "writer": VIRGINIA, "readers": [IRELAND]},
        "ledger": {
            "engine": "rds",
            "writer": IRELAND,
            "readers": [VIRGINIA],
            "point_in_time_recovery": {"window": "7 d", "regions": [IRELAND]},
        },
    }


def test_replicas_with_other_units_to_read_are_told(tmp_path: Path) -> None:
    found = of_template(
        """
        Resources:
          Orders:
            Type: AWS::DynamoDB::GlobalTable
            Properties:
              WriteProvisionedThroughputSettings: {WriteCapacityAutoScalingSettings: {MinCapacity: 10}}
              Replicas:
                - {Region: eu-west-1, ReadProvisionedThroughputSettings: {ReadCapacityUnits: 20}}
                - {Region: eu-central-1, ReadProvisionedThroughputSettings: {ReadCapacityUnits: 30}}
        """,
        tmp_path,
    )
    assert said(found)["tables"]["Orders"]["capacity"] == {"provisioned": {"write": "10/s", "read": "20/s"}}
    assert "its replicas have different units to read; these are those of the first" in todos(found)


def test_data_stores_of_one_name_that_nothing_joins_are_one_cache(tmp_path: Path) -> None:
    group = "{Type: 'AWS::ElastiCache::ReplicationGroup', Properties: {ReplicationGroupId: sessions}}"
    found = of_template(f"Resources: {{Sessions: {group}}}", tmp_path, IRELAND, VIRGINIA)
    assert said(found)["caches"] == {"sessions": {"regions": [IRELAND, VIRGINIA]}}
    assert "cache sessions: ElastiCache, drafted as a MemoryDB cache" in found.assumed


def test_clusters_of_a_multi_region_cluster_are_one_cache(tmp_path: Path) -> None:
    found = of_template(
        """
        Resources:
          Whole:
            Type: AWS::MemoryDB::MultiRegionCluster
            Properties: {MultiRegionClusterNameSuffix: boards}
          Part:
            Type: AWS::MemoryDB::Cluster
            Properties: {ClusterName: part, NumReplicasPerShard: 2, MultiRegionClusterName: !Ref Whole}
        """,
        tmp_path,
        IRELAND,
        VIRGINIA,
    )
    caches = said(found)["caches"]
    assert caches == {
        "boards": {"regions": [IRELAND, VIRGINIA], "multi_region": True, "failover": {"replicas": 2}}
    }
