import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The folder that holds the files of this database, where STORAGE is `local`: one row at most. */
@Entity('storage_folder')
@Check('storage_folder_single', 'single')
export class StorageFolder {
  @PrimaryColumn('boolean', { default: true, primaryKeyConstraintName: 'storage_folder_pkey' })
  single!: boolean;

  /** Stands in a file of the folder as well. */
  @Column('uuid')
  id!: string;
}
